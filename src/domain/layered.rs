//! Rules in layers: what is built in, what the office says for all, for a category, for a service.

/// Defines rules with their built-in values, and what one layer says of them, key by key.
macro_rules! layered {
    (
        $(#[$about_rules:meta])* $rules:ident,
        $(#[$about_change:meta])* $change:ident,
        { $($(#[$about:meta])* $name:ident: $type:ty = $built_in:expr,)* }
    ) => {
        $(#[$about_rules])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $rules {
            $($(#[$about])* pub $name: $type,)*
        }

        impl Default for $rules {
            fn default() -> Self {
                Self { $($name: $built_in,)* }
            }
        }

        $(#[$about_change])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize,
        )]
        #[serde(deny_unknown_fields, default)]
        pub struct $change {
            $($(#[$about])* pub $name: Option<$type>,)*
        }

        impl $change {
            /// The rules with what is said here.
            pub fn over(self, rules: $rules) -> $rules {
                $rules { $($name: self.$name.unwrap_or(rules.$name),)* }
            }

            /// What is said here, and else what a wider layer says.
            pub fn or(self, wider: Self) -> Self {
                Self { $($name: self.$name.or(wider.$name),)* }
            }
        }
    };
}
pub(super) use layered;
