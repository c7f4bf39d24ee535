//! `[desk]`

use serde::Deserialize;

/// How the folders of staff are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeskSettings {
    /// Seconds between two looks into the folders of acts.
    pub look_seconds: u64,
    /// When the daily digest is written, `HH:MM` on the clocks of staff, or `off`.
    pub digest_at: String,
    /// A letter is urgent when its deadline is no further away than this.
    pub urgent_hours: u32,
}

impl Default for DeskSettings {
    fn default() -> Self {
        Self {
            look_seconds: 20,
            digest_at: "08:00".to_owned(),
            urgent_hours: 24,
        }
    }
}

impl DeskSettings {
    /// Hour and minute of the digest; `None` when it is off, or is no time of day.
    pub fn digest_time(&self) -> Option<(i8, i8)> {
        let (hour, minute) = self.digest_at.trim().split_once(':')?;
        let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
        ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_time_is_a_time_of_day_or_none() {
        let at = |text: &str| {
            DeskSettings {
                digest_at: text.to_owned(),
                ..DeskSettings::default()
            }
            .digest_time()
        };
        assert_eq!(at("08:00"), Some((8, 0)));
        assert_eq!(at("23:59"), Some((23, 59)));
        for none in ["off", "24:00", "8", "", "08:60"] {
            assert_eq!(at(none), None, "{none}");
        }
    }
}
