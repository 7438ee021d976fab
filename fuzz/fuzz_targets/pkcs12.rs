#![no_main]

use gsec_fuzz::cases::pkcs12::check;
use gsec_fuzz::cost::may_take_long;
use gsec_fuzz::mutation::mutate;
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| -> Corpus {
    if may_take_long(data) {
        return Corpus::Reject;
    }
    check(data);
    Corpus::Keep
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(data, size, max_size, seed)
});
