#![no_main]

use gsec_fuzz::cases::registry_file::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    check(data);
});
