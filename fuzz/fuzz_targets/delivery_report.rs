//! Feeds libFuzzer's inputs to `otmena_fuzz::delivery_report`.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: otmena_fuzz::warm_up(),
    |input: &[u8]| otmena_fuzz::delivery_report(input)
);
