//! Elliptic curves that a key spells out instead of naming them (RFC 3279 §2.3.5), as OpenSSL's `-param_enc explicit` and old
//! Java do. One that is, number by number, a curve that gsec knows is as good as its name; any other is refused, because
//! curves that merely resemble a known one have been used to forge signatures (CVE-2020-0601).

use der::asn1::{AnyRef, BitStringRef, OctetStringRef, UintRef};
use der::oid::ObjectIdentifier;
use der::{Decode, Sequence};

use super::identifiers::{OID_P256, OID_P384, OID_P521};
use crate::encoding::hex;

const PRIME_FIELD: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.1.1");

/// ECParameters, RFC 3279 §2.3.5.
#[derive(Sequence)]
struct Parameters<'a> {
    version: u8,
    field: Field<'a>,
    curve: Curve<'a>,
    base: &'a OctetStringRef,
    order: UintRef<'a>,
    #[asn1(optional = "true")]
    cofactor: Option<UintRef<'a>>,
}

#[derive(Sequence)]
struct Field<'a> {
    kind: ObjectIdentifier,
    parameters: AnyRef<'a>,
}

#[derive(Sequence)]
struct Curve<'a> {
    a: &'a OctetStringRef,
    b: &'a OctetStringRef,
    #[asn1(optional = "true")]
    seed: Option<BitStringRef<'a>>,
}

/// FIPS 186-4 D.1.2: prime, coefficient b, base point, order. The coefficient a is the prime less 3, the cofactor is 1.
struct Known {
    oid: ObjectIdentifier,
    prime: &'static str,
    b: &'static str,
    base_x: &'static str,
    base_y: &'static str,
    order: &'static str,
}

const KNOWN: [Known; 3] = [
    Known {
        oid: OID_P256,
        prime: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        base_x: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        base_y: "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        order: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    },
    Known {
        oid: OID_P384,
        prime: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
        b: "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
        base_x: "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
        base_y: "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        order: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    },
    Known {
        oid: OID_P521,
        prime: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        b: "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
        base_x: "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
        base_y: "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
        order: "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    },
];

/// The name of the curve that `parameters` (ECParameters, DER) spell out, when it is one that gsec knows.
pub(super) fn name(parameters: &[u8]) -> Option<ObjectIdentifier> {
    let parameters = Parameters::from_der(parameters).ok()?;
    KNOWN
        .iter()
        .find(|known| known.is(&parameters))
        .map(|known| known.oid)
}

impl Known {
    fn is(&self, found: &Parameters<'_>) -> bool {
        let number = |text: &str| hex::decode(text).unwrap_or_default();
        let (prime, base_x, base_y) = (number(self.prime), number(self.base_x), number(self.base_y));
        // The prime is odd and ends in ff: subtracting 3 changes its last byte only.
        let mut a = prime.clone();
        if let Some(last) = a.last_mut() {
            *last -= 3;
        }
        let is_odd = base_y.last().is_some_and(|byte| byte & 1 == 1);
        let compressed = [&[2 + u8::from(is_odd)], base_x.as_slice()].concat();
        let uncompressed = [&[4], base_x.as_slice(), base_y.as_slice()].concat();
        let hybrid = [&[6 + u8::from(is_odd)], base_x.as_slice(), base_y.as_slice()].concat();
        let base = found.base.as_bytes();
        found.field.kind == PRIME_FIELD
            && found
                .field
                .parameters
                .decode_as::<UintRef<'_>>()
                .is_ok_and(|found| same(found.as_bytes(), &prime))
            && same(found.curve.a.as_bytes(), &a)
            && same(found.curve.b.as_bytes(), &number(self.b))
            && [compressed, uncompressed, hybrid].iter().any(|form| form == base)
            && same(found.order.as_bytes(), &number(self.order))
            && found
                .cofactor
                .is_none_or(|cofactor| same(cofactor.as_bytes(), &[1]))
    }
}

/// Whether two big-endian numbers are equal.
fn same(one: &[u8], other: &[u8]) -> bool {
    let significant = |number: &[u8]| {
        number
            .iter()
            .position(|byte| *byte != 0)
            .map_or(number.len(), |first| first)
    };
    one[significant(one)..] == other[significant(other)..]
}
