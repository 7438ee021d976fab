//! Messages on a stream: four bytes of length, most significant first, then so many bytes of JSON.

use std::io::{self, ErrorKind, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// So much is made ready for a message that is announced; more when it comes.
const FIRST_BYTES: usize = 64 * 1024;

/// Writes a message of at most `most` bytes.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] for a longer one; what the stream says.
pub fn write_message(stream: &mut impl Write, message: &impl Serialize, most: u32) -> io::Result<()> {
    let text = serde_json::to_vec(message)?;
    let length = u32::try_from(text.len())
        .ok()
        .filter(|length| *length <= most)
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "the message is too long"))?;
    let mut frame = Vec::with_capacity(text.len() + 4);
    frame.extend(length.to_be_bytes());
    frame.extend(text);
    stream.write_all(&frame)?;
    stream.flush()
}

/// Reads a message of at most `most` bytes; `None` where the stream ends before one begins.
///
/// # Errors
/// [`ErrorKind::InvalidData`] for a longer one, and for what is no message of this type; [`ErrorKind::UnexpectedEof`]; what the stream says.
pub fn read_message<T: DeserializeOwned>(stream: &mut impl Read, most: u32) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match stream.read_exact(&mut length[..1]) {
        Ok(()) => stream.read_exact(&mut length[1..])?,
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_be_bytes(length);
    if length > most {
        return Err(io::Error::new(ErrorKind::InvalidData, "the message is too long"));
    }
    let mut text = Vec::with_capacity(FIRST_BYTES.min(length as usize));
    if stream.take(u64::from(length)).read_to_end(&mut text)? != length as usize {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    serde_json::from_slice(&text)
        .map(Some)
        .map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(bytes: &[u8]) -> Result<Option<Value>, ErrorKind> {
        read_message(&mut &bytes[..], 1024).map_err(|error| error.kind())
    }

    #[test]
    fn messages_come_back() {
        let mut stream = Vec::new();
        for number in 0..3 {
            write_message(&mut stream, &json!({ "number": number }), 1024).expect("written");
        }
        let mut stream = &stream[..];
        for number in 0..3 {
            assert_eq!(
                read_message::<Value>(&mut stream, 1024).expect("read"),
                Some(json!({ "number": number }))
            );
        }
        assert_eq!(read_message::<Value>(&mut stream, 1024).expect("the end"), None);
    }

    #[test]
    fn messages_that_are_none() {
        assert_eq!(read(b""), Ok(None));
        assert_eq!(read(b"\0\0"), Err(ErrorKind::UnexpectedEof), "cut in its length");
        assert_eq!(
            read(b"\0\0\0\x05{}"),
            Err(ErrorKind::UnexpectedEof),
            "cut in its text"
        );
        assert_eq!(read(b"\0\0\0\x02{]"), Err(ErrorKind::InvalidData), "no JSON");
        assert_eq!(
            read(b"\xff\xff\xff\xff{}"),
            Err(ErrorKind::InvalidData),
            "four gigabytes"
        );
        assert!(
            write_message(&mut Vec::new(), &json!("x".repeat(1024)), 1024).is_err(),
            "longer than it is read"
        );
    }
}
