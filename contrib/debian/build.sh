#!/bin/sh
# Builds a Debian package: `sh contrib/debian/build.sh BINARY OUT_DIR`, for example
# `cargo build --release && sh contrib/debian/build.sh target/release/gsec target`. Prints the path of the package: `gsec` of the binary gsec,
# `gsec-server`, which needs the other, of the binary gsecd.
#
# It needs what every Debian system has (dpkg-deb, coreutils, findutils, gzip), python3, and cargo with the crates that the binary was built from:
# their licenses go into the package. The same sources and the same binary give the same bytes.
#   SOURCE_DATE_EPOCH  time of all files, in seconds since 1970 [default: time of the last commit, else of CHANGELOG.md]
#   MAINTAINER         `Name <address>` [default: author of the last commit]
set -eu
umask 022
LC_ALL=C
export LC_ALL

fail() {
    echo "contrib/debian/build.sh: $*" >&2
    exit 3
}

[ $# = 2 ] || { echo "usage: sh contrib/debian/build.sh BINARY OUT_DIR" >&2; exit 2; }
if [ ! -f "$1" ] || [ ! -x "$1" ]; then
    fail "$1 is not a program"
fi
binary=$(realpath -- "$1")
case ${binary##*/} in
    gsecd) package=gsec-server program=usr/libexec/gsec/gsecd ;;
    *) package=gsec program=usr/bin/gsec ;;
esac
mkdir -p -- "$2"
out_dir=$(realpath -- "$2")
cd "$(dirname "$0")/../.."
root=$PWD

# Of Cargo.toml: the value of a key in a section.
cargo_value() {
    awk -F ' *= *' -v section="[$1]" -v key="$2" \
        '/^\[/ { here = $0 } here == section && $1 == key { gsub(/"/, "", $2); print $2; exit }' Cargo.toml
}

cargo_version=$(cargo_value workspace.package version)
[ -n "$cargo_version" ] || fail "Cargo.toml has no version"
# A binary of another version or for another processor would make a package that says what is not so.
says=$("$binary" --version) || fail "$binary does not run here"
[ "$says" = "gsec $cargo_version" ] || fail "$binary says '$says', Cargo.toml says 'gsec $cargo_version'"

# Debian sorts 1.0~rc.1 before 1.0.
version=$(echo "$cargo_version" | sed 's/-/~/')
architecture=$(dpkg --print-architecture)
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || stat -c %Y CHANGELOG.md)}
maintainer=${MAINTAINER:-$(git log -1 --format='%an <%ae>' 2> /dev/null || echo 'gsec developers <root@localhost>')}
SOURCE_DATE_EPOCH=$epoch
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stage=$work/stage
doc=usr/share/doc/$package

# dpkg-shlibdeps tells by DEBIAN/ what is a package.
mkdir -p "$stage/DEBIAN"

# put MODE SOURCE TARGET: TARGET is a path in the package.
put() {
    install -D -m "$1" -- "$2" "$stage/$3"
}

# put_gzip SOURCE TARGET: -n leaves name and time out of the file.
put_gzip() {
    mkdir -p "$(dirname "$stage/$2")"
    gzip -9n < "$1" > "$stage/$2"
}

put 755 "$binary" "$program"
# The words of the server are in gsec: it completes them, and has their manual pages.
if [ "$package" = gsec ]; then
    put 644 completions/gsec.bash usr/share/bash-completion/completions/gsec
    put 644 completions/_gsec usr/share/zsh/vendor-completions/_gsec
    put 644 completions/gsec.fish usr/share/fish/vendor_completions.d/gsec.fish
    for page in docs/man/*.1; do
        put_gzip "$page" "usr/share/man/man1/${page##*/}.gz"
    done
fi
put_gzip CHANGELOG.md $doc/CHANGELOG.md.gz
python3 contrib/debian/licenses.py "$package" > "$work/licenses" || fail "the licenses of the crates cannot be listed"
put_gzip "$work/licenses" $doc/third-party-licenses.gz
# In the form that Debian's tools read; the version has no Debian revision, so this is the name.
printf '%s (%s) unstable; urgency=medium\n\n  * CHANGELOG.md.gz lists the changes.\n\n -- %s  %s\n' \
    "$package" "$version" "$maintainer" "$(date -u -R -d "@$epoch")" > "$work/changelog"
put_gzip "$work/changelog" $doc/changelog.gz
# Each package has the units of its own program.
for unit in contrib/systemd/*; do
    case ${unit##*/} in
        gsec-s* | gsec-w*) of=gsec-server ;;
        *) of=gsec ;;
    esac
    [ "$of" != "$package" ] || put 644 "$unit" "$doc/examples/${unit##*/}"
done

{
    cat << HEAD
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: gsec
Comment:
 The program contains libraries, each under its own license. Their authors,
 their licenses and the texts of these are in
 /$doc/third-party-licenses.gz.

Files: *
Copyright: $(sed -n 's/^Copyright (c) //p' LICENSE-MIT)
License: MIT or Apache-2.0

License: MIT
HEAD
    sed -e '1,/^Copyright/d' LICENSE-MIT | sed -e '/./,$!d' -e 's/^$/./' -e 's/^/ /'
    cat << TAIL

License: Apache-2.0
 On Debian systems, the text of the Apache License, Version 2.0, is in
 /usr/share/common-licenses/Apache-2.0.
TAIL
} > "$work/copyright"
put 644 "$work/copyright" $doc/copyright

# With dpkg-dev: the oldest versions that have the symbols that the program uses.
depends_by_symbols() {
    mkdir "$work/debian"
    printf 'Source: %s\n\nPackage: %s\nArchitecture: any\n' "$package" "$package" > "$work/debian/control"
    (cd "$work" && dpkg-shlibdeps -O "$stage/$program") | sed -n 's/^shlibs:Depends=//p'
}

# With ldd alone: the packages of the libraries that the program loads on this machine, at least in the versions that are here. That asks
# for more than is needed, and is never wrong.
depends_by_libraries() {
    ldd "$stage/$program" | grep -o '/[^ ]*' | while read -r library; do
        # Packages name the library as below / or as below /usr, which are one directory since Debian 12.
        dpkg-query -S "$library" "/usr$library" "${library#/usr}" 2> /dev/null | grep -v '^diversion' | sed 's/[,:] .*//' | head -n 1
    done | sort -u | while read -r library; do
        dpkg-query -W -f '${binary:Package} (>= ${Version})\n' "$library" | sed 's/:[a-z0-9]* / /'
    done | paste -sd , - | sed 's/,/, /g'
}

if command -v dpkg-shlibdeps > /dev/null 2>&1; then
    depends=$(depends_by_symbols)
else
    depends=$(depends_by_libraries)
fi
if [ -z "$depends" ] && ldd "$binary" > /dev/null 2>&1; then
    fail "cannot find the packages of the libraries that $binary needs"
fi

if [ "$package" = gsec-server ]; then
    # They speak with each other, so they are of one version.
    depends="gsec (= $version)${depends:+, $depends}"
    description=$(
        cat << 'TEXT'
server for gsec certification authorities: ACME, CRL and OCSP
 gsecd serves the certification authority that gsec keeps in a directory: hosts
 fetch and renew certificates with any ACME client. It publishes the CRL and
 answers OCSP requests. The CA key is in a process of its own. "gsec serve"
 starts it.
TEXT
    )
else
    description=$(
        cat << 'TEXT'
private certification authority and TLS toolkit
 gsec keeps a private certification authority in a directory: it issues, renews
 and revokes certificates for hosts, makes CRLs, and delivers PEM and PKCS #12
 files. It says why a TLS connection fails and which command fixes it, and
 converts and checks keys and certificates. "openssl ca" works in the same
 directory.
TEXT
    )
fi

cd "$stage"
# As dpkg-gencontrol counts: each file in whole KiB, everything else as one.
installed_kib=$(find usr -printf '%y %s\n' | awk '{ kib += $1 == "f" ? int(($2 + 1023) / 1024) : 1 } END { print kib }')
find usr -type f -print0 | sort -z | xargs -0 md5sum > DEBIAN/md5sums
cat > DEBIAN/control << CONTROL
Package: $package
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $installed_kib
${depends:+Depends: $depends
}Section: utils
Priority: optional
Description: $description
CONTROL
cd "$root"

# 00755: also without the group of a parent with the setgid bit.
find "$stage" -type d -exec chmod 00755 {} +
chmod 644 "$stage/DEBIAN/control" "$stage/DEBIAN/md5sums"
find "$stage" -exec touch -h -d "@$epoch" {} +

file=${package}_${version}_$architecture.deb
dpkg-deb --root-owner-group --build "$stage" "$work/$file" > /dev/null
mv -- "$work/$file" "$out_dir/$file"
echo "$out_dir/$file"
