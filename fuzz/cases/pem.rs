//! Texts with PEM blocks: what is read can be written and reads back as it was.

use gsec_pki::encoding::pem::{PemError, Slip, decode_all, encode, is_pem, looks_like_pem};

/// Whether at least one block was read.
pub fn check(input: &[u8]) -> bool {
    let blocks = match decode_all(input) {
        Ok(blocks) => blocks,
        Err(PemError::Line {
            slip: Slip::LooseContent,
            ..
        }) => return false,
        Err(error) => {
            assert!(
                is_pem(input) || looks_like_pem(input),
                "damage is found at boundaries only: {error}"
            );
            return false;
        }
    };
    assert_eq!(is_pem(input), !blocks.is_empty());
    for block in &blocks {
        let text = encode(&block.label, &block.content);
        let again = decode_all(text.as_bytes()).expect("own encoding");
        assert_eq!(again.len(), 1, "one block stays one");
        assert!(
            again[0].label == block.label && again[0].content == block.content && again[0].dek_info.is_none(),
            "{text}"
        );
    }
    !blocks.is_empty()
}
