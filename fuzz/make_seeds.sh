#!/bin/sh
# Makes fuzz/seeds afresh: `sh fuzz/make_seeds.sh`. Every key in it is made here, for nothing else, and is known to the world.
#
# Needs OpenSSL 3 with its legacy provider, GnuTLS, NSS, Java and, in $GSEC_PEER_PYTHON, the Python of the tests: after `sh tests/run.sh`
# all are there. The seeds that are committed are of OpenSSL 3.0.19, GnuTLS 3.7.9, NSS 3.87.1, OpenJDK 17.0.15 and Python's cryptography
# 50.0.2. A second run gives other keys, and so other octets.
#
# Iterations are few, because fuzzing does each of them a million times. GnuTLS and NSS cannot be asked for few: no PFX of theirs is here,
# except where it is not decrypted.
set -eu
cd "$(dirname "$0")"

python=${GSEC_PEER_PYTHON:-$PWD/../target/peers/venv/bin/python}
make_der=$PWD/make_seeds.py
out=$PWD/seeds
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Those of the platform are texts that people wrote, and stay.
for target in pem private_key pkcs12 certificate request crl ocsp ber server_flight; do
    rm -rf "${out:?}/$target"
    mkdir -p "$out/$target"
done
cd "$work"

quietly() { "$@" > log 2>&1 || { cat log >&2; echo "make_seeds.sh: failed: $*" >&2; exit 1; }; }
ssl() { quietly openssl "$@"; }
# Algorithms that OpenSSL 3 has in its legacy provider only.
old_ssl() { command=$1; shift; quietly openssl "$command" -provider legacy -provider default "$@"; }

## A CA, a host, and their keys

cat > openssl.cnf <<'CNF'
[ req ]
distinguished_name = name
[ name ]
[ root ]
basicConstraints = critical, CA:TRUE, pathlen:3
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
nameConstraints = critical, permitted;DNS:example.com, permitted;IP:10.0.0.0/255.0.0.0, excluded;email:.example.org, excluded;URI:.example.net, permitted;dirName:dir
[ host ]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth, clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:db1.example.com, IP:10.0.0.1
[ everything ]
basicConstraints = CA:FALSE
keyUsage = digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment, keyAgreement, encipherOnly, decipherOnly
extendedKeyUsage = serverAuth, clientAuth, codeSigning, emailProtection, timeStamping, OCSPSigning, anyExtendedKeyUsage, 1.3.6.1.4.1.311.20.2.2
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid, issuer:always
subjectAltName = DNS:*.example.com, DNS:xn--bcher-kva.example, IP:10.0.0.1, IP:2001:db8::1, email:a@example.com, URI:https://example.com/x, RID:1.2.3.4, dirName:dir, otherName:1.3.6.1.4.1.311.20.2.3;UTF8:user@example.com
issuerAltName = DNS:ca.example.com
crlDistributionPoints = points, more_points
authorityInfoAccess = OCSP;URI:http://ocsp.example.com/, caIssuers;URI:http://example.com/ca.crt
certificatePolicies = 1.2.3.4, @policy
policyConstraints = requireExplicitPolicy:3, inhibitPolicyMapping:1
inhibitAnyPolicy = 2
tlsfeature = status_request
noCheck = ignored
1.2.3.4.5 = critical, ASN1:UTF8String:unknown
[ policy ]
policyIdentifier = 1.3.5.8
CPS.1 = https://example.com/cps
userNotice.1 = @notice
[ notice ]
explicitText = UTF8:Zürich
organization = Example
noticeNumbers = 1, 2
[ points ]
fullname = URI:http://example.com/a.crl, URI:ldap://example.com/b
[ more_points ]
relativename = relative
reasons = keyCompromise, CACompromise
CRLissuer = dirName:dir
[ relative ]
CN = part
[ dir ]
C = DE
O = Example
[ request ]
subjectAltName = DNS:db1.example.com, IP:10.0.0.1
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
[ responder ]
keyUsage = critical, digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
[ ca ]
default_ca = database
[ database ]
database = index.txt
serial = serial.txt
crlnumber = crlnumber.txt
default_md = sha256
default_crl_days = 30
[ crl_extensions ]
authorityKeyIdentifier = keyid, issuer
issuerAltName = DNS:ca.example.com
issuingDistributionPoint = critical, @issuing
freshestCRL = URI:http://example.com/delta.crl
[ issuing ]
fullname = URI:http://example.com/a.crl
onlyuser = TRUE
onlysomereasons = keyCompromise, superseded
[ challenge ]
distinguished_name = common_name
attributes = attributes
prompt = no
[ common_name ]
CN = db1
[ attributes ]
challengePassword = secret
unstructuredName = db1
CNF

for curve in P-256 P-384 P-521; do ssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:$curve -out $curve.pem; done
cp P-256.pem root.key
ssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out host.key
ssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key
ssl genpkey -algorithm ED25519 -out ed25519.key

# self_signed OUT KEY EXTENSIONS SUBJECT [MORE...]
self_signed() {
    into=$1 key=$2 extensions=$3 subject=$4
    shift 4
    ssl req -config openssl.cnf -x509 -new -key "$key" -utf8 -subj "$subject" -extensions "$extensions" -days 36500 -out "$into" "$@"
}
# signed OUT KEY EXTENSIONS SUBJECT [MORE...]: by the root.
signed() {
    into=$1 key=$2 extensions=$3 subject=$4
    shift 4
    ssl req -config openssl.cnf -new -key "$key" -utf8 -subj "$subject" -out signed.csr
    ssl x509 -req -in signed.csr -CA root.crt -CAkey root.key -extfile openssl.cnf -extensions "$extensions" -days 36500 -out "$into" "$@"
}
self_signed root.crt root.key root "/CN=Root"
signed host.crt host.key host "/CN=db1.example.com" -set_serial 4097

## certificate: DER

certificates=$out/certificate
to_der() { ssl x509 -in "$1" -outform DER -out "$certificates/$2.der"; }
to_der root.crt openssl_root_with_name_constraints
to_der host.crt openssl_host
signed everything.crt host.key everything "/CN=db1.example.com"
to_der everything.crt openssl_every_extension
self_signed names.crt host.key host \
    "/C=DE/ST=Z\\/H/L=Zürich/O=A, \"B\" + C/OU=one/OU=two/DC=example/DC=com/serialNumber=7/UID=u/emailAddress=a@example.com/CN=東京+SN=x" -multivalue-rdn
to_der names.crt openssl_names_of_every_kind
printf '%s\n' '[ x ]' 'distinguished_name = y' 'string_mask = MASK:0x804' 'prompt = no' '[ y ]' 'CN = Zürich' 'O = teletex' > strings.cnf
ssl req -config strings.cnf -section x -x509 -new -key host.key -utf8 -days 36500 -out strings.crt
to_der strings.crt openssl_bmp_and_teletex_strings
ssl req -config openssl.cnf -new -key host.key -subj "/CN=old" -out v1.csr
ssl x509 -req -in v1.csr -CA root.crt -CAkey root.key -days 36500 -set_serial 1 -out v1.crt
to_der v1.crt openssl_version_1
self_signed empty.crt host.key host / -days 1 -set_serial 0x7fffffffffffffffffffffffffffffffffffffff
to_der empty.crt openssl_empty_subject_long_serial
self_signed rsa.crt rsa.key host "/CN=rsa" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32
to_der rsa.crt openssl_rsa_pss_signature
self_signed ed25519.crt ed25519.key host "/CN=ed25519"
to_der ed25519.crt openssl_ed25519
printf '%s\n' 'cn = "db1.example.com"' 'dns_name = "db1.example.com"' 'ip_address = "10.0.0.1"' 'tls_www_server' 'signing_key' 'expiration_days = -1' > certtool.cfg
quietly certtool --generate-self-signed --load-privkey host.key --template certtool.cfg --outder --outfile "$certificates/certtool_never_ends.der"
quietly keytool -genkeypair -keystore java.p12 -storepass password -alias host -keyalg EC -groupname secp256r1 -dname "CN=db1.example.com" \
    -ext san=dns:db1.example.com -ext bc=ca:false -validity 36500 -J-Dkeystore.pkcs12.macIterationCount=1 \
    -J-Dkeystore.pkcs12.keyPbeIterationCount=1 -J-Dkeystore.pkcs12.certPbeIterationCount=1
quietly keytool -exportcert -keystore java.p12 -storepass password -alias host -file "$certificates/keytool.der"

## request: DER

requests=$out/request
ssl req -config openssl.cnf -new -key host.key -subj "/CN=db1.example.com" -reqexts request -outform DER -out "$requests/openssl_extensions.der"
ssl req -config openssl.cnf -new -key host.key -subj "/" -outform DER -out "$requests/openssl_bare.der"
ssl req -config openssl.cnf -section challenge -new -key host.key -outform DER -out "$requests/openssl_challenge_password.der"
ssl req -config openssl.cnf -new -key ed25519.key -subj "/CN=db1" -outform DER -out "$requests/openssl_ed25519.der"
ssl req -config openssl.cnf -new -key rsa.key -subj "/CN=db1" -sigopt rsa_padding_mode:pss -outform DER -out "$requests/openssl_rsa_pss.der"
quietly certtool --generate-request --load-privkey host.key --template certtool.cfg --outder --outfile "$requests/certtool.der"
quietly keytool -certreq -keystore java.p12 -storepass password -alias host -ext san=dns:db1.example.com -file keytool.csr
ssl req -in keytool.csr -outform DER -out "$requests/keytool.der"

## crl: DER

crls=$out/crl
printf '%s\t%s\t%s\t%s\tunknown\t/CN=%s\n' \
    R 360101000000Z 260101000000Z,keyCompromise 01 a \
    R 360101000000Z 260101000000Z,CAkeyTime,20251231000000Z 02 b \
    R 20600101000000Z 260101000000Z,superseded 03 c \
    R 360101000000Z 260101000000Z,holdInstruction,holdInstructionReject 04 d \
    V 360101000000Z '' 05 e > index.txt
echo 01 > serial.txt
# make_crl NAME [MORE...]
make_crl() {
    into=$1
    shift
    echo 0A > crlnumber.txt
    ssl ca -config openssl.cnf -gencrl -cert root.crt -keyfile root.key -out ca.crl "$@"
    ssl crl -in ca.crl -outform DER -out "$crls/$into.der"
}
make_crl openssl_reasons_and_dates
make_crl openssl_every_extension -crlexts crl_extensions
make_crl openssl_ends_after_2049 -crldays 20000
: > index.txt
make_crl openssl_nothing_revoked
rm crlnumber.txt && sed -i '/^crlnumber/d' openssl.cnf
ssl ca -config openssl.cnf -gencrl -cert root.crt -keyfile root.key -out v1.crl
ssl crl -in v1.crl -outform DER -out "$crls/openssl_version_1.der"
printf '%s\n' 'crl_next_update = 30' 'crl_number = 5' > crl.cfg
quietly certtool --generate-crl --load-ca-privkey root.key --load-ca-certificate root.crt --load-certificate host.crt --template crl.cfg --outder \
    --outfile "$crls/certtool.der"
quietly keytool -gencrl -keystore java.p12 -storepass password -alias host -id 1 -id 2 -file "$crls/keytool.der"

## ocsp: DER

ocsp=$out/ocsp
signed responder.crt ed25519.key responder "/CN=OCSP responder"
printf '%s\t%s\t%s\t%s\tunknown\t/CN=%s\n' \
    R 360101000000Z 260101000000Z,keyCompromise 01 a \
    V 360101000000Z '' 05 e > index.txt
# ask NAME [MORE...]: about a certificate that is good, one that is revoked and one that is not known, and what OpenSSL answers.
ask() {
    into=$1
    shift
    ssl ocsp -issuer root.crt -serial 1 -serial 5 -serial 0x7777 -reqout "$ocsp/openssl_request_$into.der" "$@"
}
ask with_nonce
ask without_nonce -no_nonce
ask sha256 -sha256 -serial 6 -no_nonce
ask signed -signer host.crt -signkey host.key
answer() {
    into=$1
    shift
    ssl ocsp -index index.txt -CA root.crt -rsigner responder.crt -rkey ed25519.key -reqin "$ocsp/openssl_request_with_nonce.der" \
        -respout "$ocsp/openssl_response_$into.der" "$@"
}
answer by_name -ndays 1
answer by_key -resp_key_id
ssl ocsp -index index.txt -CA root.crt -rsigner root.crt -rkey root.key -resp_no_certs -reqin "$ocsp/openssl_request_without_nonce.der" \
    -respout "$ocsp/openssl_response_by_the_ca.der"
printf '\060\003\012\001\006' > "$ocsp/unauthorized.der"
quietly ocsptool --generate-request --load-issuer root.crt --load-cert host.crt --outfile "$ocsp/ocsptool_request.der"

## private_key: PEM and DER

keys=$out/private_key
# Each algorithm that gsec signs with, in each form.
for curve in P-256 P-384 P-521; do
    cp $curve.pem "$keys/openssl_pkcs8_$curve.pem"
    ssl pkey -in $curve.pem -traditional -outform DER -out "$keys/openssl_sec1_$curve.der"
done
ssl ec -in P-256.pem -out "$keys/openssl_sec1.pem"
{ openssl ecparam -name prime256v1; cat "$keys/openssl_sec1.pem"; } > "$keys/openssl_sec1_after_ec_parameters.pem"
cat host.crt host.key root.crt > "$keys/openssl_between_certificates.pem"
ssl pkey -in rsa.key -outform DER -out "$keys/openssl_pkcs8_rsa.der"
ssl rsa -in rsa.key -traditional -outform DER -out "$keys/openssl_pkcs1_rsa.der"
ssl rsa -in rsa.key -traditional -out "$keys/openssl_pkcs1_rsa.pem"
ssl pkey -in ed25519.key -outform DER -out "$keys/openssl_ed25519.der"
quietly certtool --load-privkey host.key --to-p8 --password= --outder --outfile "$keys/certtool_pkcs8.der"
# Algorithms that gsec reads and does not sign with.
ssl genpkey -algorithm X25519 -outform DER -out "$keys/openssl_x25519.der"
ssl genpkey -algorithm ED448 -outform DER -out "$keys/openssl_ed448.der"
ssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -outform DER -out "$keys/openssl_secp256k1.der"
ssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1 -outform DER -out "$keys/openssl_brainpool.der"
ssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -outform DER -out "$keys/openssl_rsa_pss.der"
ssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out dsa.params
ssl genpkey -paramfile dsa.params -out dsa.key
ssl pkcs8 -topk8 -nocrypt -in dsa.key -outform DER -out "$keys/openssl_dsa.der"
# The ways of encryption that openssl pkcs8 knows, except RC2 under PBES2, which gsec refuses.
for cipher in aes-128-cbc aes-192-cbc aes-256-cbc des3; do
    ssl pkcs8 -topk8 -in host.key -v2 $cipher -iter 1 -passout pass:password -outform DER -out "$keys/openssl_pbes2_$cipher.der"
done
for digest in hmacWithSHA1 hmacWithSHA224 hmacWithSHA384 hmacWithSHA512; do
    ssl pkcs8 -topk8 -in host.key -v2 aes-256-cbc -v2prf $digest -iter 1 -passout pass:password -outform DER -out "$keys/openssl_pbes2_$digest.der"
done
ssl pkcs8 -topk8 -in host.key -v2 aes-256-cbc -iter 1 -passout pass:password -out "$keys/openssl_pbes2.pem"
ssl pkcs8 -topk8 -in host.key -scrypt -scrypt_N 16 -scrypt_r 1 -scrypt_p 1 -passout pass:password -outform DER -out "$keys/openssl_scrypt.der"
old_ssl pkcs8 -topk8 -in host.key -v2 des -iter 1 -passout pass:password -outform DER -out "$keys/openssl_pbes2_des.der"
for scheme in PBE-MD5-DES PBE-SHA1-DES PBE-MD5-RC2-64 PBE-SHA1-RC2-64 PBE-SHA1-3DES PBE-SHA1-2DES PBE-SHA1-RC2-128 PBE-SHA1-RC2-40 PBE-SHA1-RC4-128 PBE-SHA1-RC4-40; do
    old_ssl pkcs8 -topk8 -in host.key -v1 $scheme -iter 1 -passout pass:password -outform DER -out "$keys/openssl_$scheme.der"
done
# Proc-Type: 4,ENCRYPTED
for cipher in aes-128-cbc aes-192-cbc aes-256-cbc des3; do
    ssl pkey -in host.key -traditional -$cipher -passout pass:password -out "$keys/openssl_old_pem_$cipher.pem"
done
old_ssl rsa -in rsa.key -traditional -des -passout pass:password -out "$keys/openssl_old_pem_des.pem"

## pkcs12

pfx=$out/pkcs12
# export_pfx NAME PASSWORD [MORE...]: key, certificate and CA.
export_pfx() {
    into=$1 password=$2
    shift 2
    old_ssl pkcs12 -export -inkey host.key -in host.crt -certfile root.crt -name db1.example.com -iter 1 -passout "pass:$password" \
        -out "$pfx/$into.p12" "$@"
}
export_pfx openssl_modern password
export_pfx openssl_empty_password ''
export_pfx openssl_sha512_aes128 password -macalg sha512 -keypbe aes-128-cbc -certpbe aes-192-cbc
export_pfx openssl_3des password -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
export_pfx openssl_rc2_40 password -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -macalg sha1
export_pfx openssl_rc2_128_and_2des password -keypbe PBE-SHA1-2DES -certpbe PBE-SHA1-RC2-128 -macalg md5
export_pfx openssl_rc4 password -keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-RC4-40 -macalg sha1
export_pfx openssl_umlauts password -name Zürich -caname Wurzel
old_ssl pkcs12 -export -nokeys -in host.crt -certfile root.crt -iter 1 -passout pass:password -out "$pfx/openssl_certificates_only.p12"
old_ssl pkcs12 -export -nocerts -inkey host.key -in host.crt -iter 1 -passout pass:password -out "$pfx/openssl_key_only.p12"
# Behind no MAC and no encryption every octet can change, and is decoded nevertheless.
export_pfx openssl_plain_no_mac '' -keypbe NONE -certpbe NONE -nomac
export_pfx openssl_plain_with_mac password -keypbe NONE -certpbe NONE
export_pfx openssl_encrypted_no_mac password -nomac
export_pfx openssl_plain_all_attributes '' -keypbe NONE -certpbe NONE -nomac -CSP "Microsoft Enhanced Cryptographic Provider v1.0" -LMK -keyex -caname root
# Java: a key store and trust stores.
cp java.p12 "$pfx/keytool_key_store.p12"
java_plain="-J-Dkeystore.pkcs12.macAlgorithm=NONE -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE"
java_once="-J-Dkeystore.pkcs12.macIterationCount=1 -J-Dkeystore.pkcs12.certPbeIterationCount=1 -J-Dkeystore.pkcs12.keyPbeIterationCount=1"
# shellcheck disable=SC2086 # several words
{
    quietly keytool -importcert -noprompt -keystore plain.p12 -storetype PKCS12 -storepass password -alias ca -file root.crt $java_plain
    quietly keytool -importcert -noprompt -keystore plain.p12 -storetype PKCS12 -storepass password -alias host -file host.crt $java_plain
    quietly keytool -importcert -noprompt -keystore trust.p12 -storetype PKCS12 -storepass password -alias ca -file root.crt $java_once
    cp java.p12 secret.p12
    quietly keytool -genseckey -keystore secret.p12 -storepass password -alias secret -keyalg AES -keysize 128 $java_once
    quietly keytool -importkeystore -srckeystore java.p12 -srcstorepass password -destkeystore legacy.p12 -deststoretype PKCS12 \
        -deststorepass password -J-Dkeystore.pkcs12.legacy $java_once
}
cp plain.p12 "$pfx/keytool_plain_trust_store_no_mac.p12"
cp trust.p12 "$pfx/keytool_trust_store.p12"
cp secret.p12 "$pfx/keytool_secret_key.p12"
cp legacy.p12 "$pfx/keytool_legacy.p12"
# What no program here writes, or not with few iterations: bags of every type, PBMAC1, and BER as NSS writes it.
"$python" "$make_der" pkcs12 "$pfx" host.key host.crt "$crls/openssl_reasons_and_dates.der" "$pfx/openssl_encrypted_no_mac.p12"

## ber

# NSS writes indefinite lengths, and strings in pieces.
mkdir nss
quietly certutil -N -d sql:nss --empty-password
quietly pk12util -i "$pfx/openssl_modern.p12" -d sql:nss -W password
quietly pk12util -o "$out/ber/nss_pfx.ber" -d sql:nss -n db1.example.com -W password
cp "$pfx/openssl_modern.p12" "$out/ber/openssl_pfx.der"
cp "$certificates/openssl_host.der" "$out/ber/openssl_certificate.der"
printf 'text\n' > text
# -stream: indefinite lengths, the content in pieces.
ssl cms -sign -stream -nodetach -binary -in text -signer host.crt -inkey host.key -outform DER -out "$out/ber/openssl_cms_signed.ber"
ssl cms -encrypt -stream -binary -in text -outform DER -out "$out/ber/openssl_cms_enveloped.ber" host.crt
"$python" "$make_der" ber "$out/ber" "$certificates/openssl_host.der"

## pem

pem=$out/pem
cp host.crt "$pem/openssl_certificate.pem"
cp host.key "$pem/openssl_pkcs8.pem"
cp "$keys/openssl_pbes2.pem" "$keys/openssl_sec1_after_ec_parameters.pem" "$pem"
cp "$keys/openssl_old_pem_aes-256-cbc.pem" "$pem/openssl_proc_type.pem"
cp ca.crl "$pem/openssl_crl.pem"
cp keytool.csr "$pem/keytool_new_certificate_request.pem"
openssl x509 -in host.crt -text > "$pem/openssl_text_before.pem"
cat host.crt root.crt > "$pem/openssl_chain.pem"
openssl pkcs12 -in "$pfx/openssl_plain_all_attributes.p12" -nomacver -passin pass: -nodes > "$pem/openssl_bag_attributes.pem" 2> log
{ printf '\357\273\277'; sed 's/$/\r/' host.crt; } > "$pem/openssl_crlf_and_byte_order_mark.pem"
certtool --certificate-info --infile host.crt > "$pem/certtool_text_before.pem"
openssl x509 -in host.crt -trustout -addtrust serverAuth -setalias db1 > "$pem/openssl_trusted_certificate.pem"
"$python" "$make_der" pem "$pem" host.crt

## server_flight: what a server sends

"$python" "$make_der" server_flight "$out/server_flight" rsa.key rsa.crt root.crt

## Together

chmod 644 "$out"/*/*
du -sb "$out"/* "$out"
