
# ---- The key that is made here, and the CSR for it.

# make_key FILE: a private key of the kind that the settings name. The file is for nobody else from its begin: the umask is 077.
make_key() {
    case $key_type in
        rsa-2048 | rsa-3072 | rsa-4096 | rsa-8192)
            shown openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:${key_type#rsa-}" -out "$1"
            ;;
        p256) make_ec_key "$1" prime256v1 ;;
        p384) make_ec_key "$1" secp384r1 ;;
        p521) make_ec_key "$1" secp521r1 ;;
        ed25519) shown openssl genpkey -algorithm ED25519 -out "$1" ;;
        *) fail 3 "the settings name a kind of key that is not known here; nothing was changed" ;;
    esac < /dev/null
}

# make_ec_key FILE CURVE
make_ec_key() {
    shown openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$2" -pkeyopt ec_param_enc:named_curve -out "$1"
}

# is_waiting FILE: a key that has no certificate yet: it can be read, and is not that of the present release.
is_waiting() {
    [ -f "$1" ] && [ ! -L "$1" ] && waiting=$(public_of "$1") && [ -n "$waiting" ] || return 1
    [ "$waiting" != "$(certified_by "$at/current/$pair_certificate")" ]
}

# Sets key_at to the one key that waits, a new one where there is none of this kind.
make_waiting_key() {
    waiting_folder=$at/.request
    [ ! -L "$waiting_folder" ] || fail 3 "$waiting_folder is a symbolic link; nothing was changed"
    [ -d "$waiting_folder" ] || mkdir "$waiting_folder"
    expect_own "$waiting_folder"
    chmod 0700 "$waiting_folder"
    key_at=$waiting_folder/$key_type.pem
    if is_waiting "$key_at"; then return 0; fi
    rm -f "$waiting_folder"/*.pem
    waiting_new=$waiting_folder/.$$.new
    if ! make_key "$waiting_new" || [ -z "$(public_of "$waiting_new")" ]; then
        rm -f "$waiting_new"
        rmdir "$waiting_folder" 2> /dev/null || :
        fail 3 "openssl made no key of type $key_type; nothing was changed"
    fi
    sync
    mv "$waiting_new" "$key_at"
}

# No name is asked for: those that the certificate gets are known elsewhere. The settings of this host's openssl have no say.
do_request() {
    have openssl || fail 6 'openssl, which makes the key, is not here; nothing was changed'
    make_way
    make_folder "$releases"
    expect_own_way
    take_lock
    remove_left
    make_waiting_key
    printf '[req]\ndistinguished_name = name\nprompt = no\ndefault_md = sha256\n[name]\nCN = gsec\n' > ./request.conf
    shown openssl req -new -config ./request.conf -key "$key_at" -out ./request.pem < /dev/null ||
        fail 3 'openssl made no CSR; the key stays for the next call'
    cat ./request.pem
    say 'state=requested'
}
