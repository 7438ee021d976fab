#![no_main]

use gsec_fuzz::cases::caa::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    check(data);
});
