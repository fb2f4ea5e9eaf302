#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| instance_identity_fuzz::policy_toml(data));
