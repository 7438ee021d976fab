//! How times and octets stand in what is kept: whole seconds since 1970, and base64url.

/// A time.
pub(super) mod seconds {
    use serde::{Deserialize, Deserializer, Serializer, de};
    use time::OffsetDateTime;

    pub fn serialize<S: Serializer>(time: &OffsetDateTime, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(time.unix_timestamp())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<OffsetDateTime, D::Error> {
        OffsetDateTime::from_unix_timestamp(i64::deserialize(from)?).map_err(de::Error::custom)
    }
}

/// A time that may be missing.
pub(super) mod seconds_or_none {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
    use time::OffsetDateTime;

    pub fn serialize<S: Serializer>(time: &Option<OffsetDateTime>, to: S) -> Result<S::Ok, S::Error> {
        time.map(OffsetDateTime::unix_timestamp).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<OffsetDateTime>, D::Error> {
        Option::<i64>::deserialize(from)?
            .map(OffsetDateTime::from_unix_timestamp)
            .transpose()
            .map_err(de::Error::custom)
    }
}

/// Octets.
pub(super) mod octets {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub fn serialize<S: Serializer, B: AsRef<[u8]>>(octets: &B, to: S) -> Result<S::Ok, S::Error> {
        let text = zeroize::Zeroizing::new(URL_SAFE_NO_PAD.encode(octets.as_ref()));
        to.serialize_str(&text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>, B: From<Vec<u8>>>(from: D) -> Result<B, D::Error> {
        let text = zeroize::Zeroizing::new(String::deserialize(from)?);
        URL_SAFE_NO_PAD
            .decode(text.as_bytes())
            .map(B::from)
            .map_err(|_| de::Error::custom("is not base64url"))
    }
}
