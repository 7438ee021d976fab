
# ---- What is done, and how. Nothing below depends on the certificate or on what anybody is called.

usage() {
    cat <<'USAGE'
Usage: sh install.sh [--dry-run] [--dest DIR] [--root DIR] [--owner USER] [--group GROUP] [--no-reload]
       sh install.sh --rollback [--yes]     back to the release before this one
       sh install.sh --uninstall [--yes]    removes what it installed

Puts the files of this directory into DIR/releases/ID, and lets DIR/current lead there, in one step. It asks nothing. Settings for the service
are in snippet.conf.
USAGE
    say "$effect"
    cat <<'USAGE'

  --dry-run      say what would be done, and change nothing
  --dest DIR     where to install
  --root DIR     install below DIR, for an image; nothing is checked or reloaded
  --owner USER   whose the private key is
  --group GROUP  the group that may read the private key
  --no-reload    do not reload the service
  --yes          roll back or uninstall even if a later release was installed since

Exit status: 0 done, or unchanged; 2 the command line is not understood; 3 it could not be done, and nothing was changed; 4 the service
refuses the new files, and the ones before are back; 5 the service did not reload, and the ones before are back; 7 another release was
installed since; 8 this host does not have the private key of the certificate, and nothing was changed.
USAGE
}

say() { printf '%s\n' "$*"; }

# shown COMMAND...: what it says is shown where it fails.
shown() {
    if shown_output=$("$@" 2>&1); then return 0; fi
    printf '%s\n' "$shown_output" >&2
    return 1
}

# as_user USER COMMAND...
as_user() {
    as_user_name=$1
    shift
    if [ "$(id -un)" = "$as_user_name" ]; then
        "$@"
    elif have runuser; then
        runuser -u "$as_user_name" -- "$@"
    else
        # shellcheck disable=SC2016 # the inner shell reads its own arguments
        su "$as_user_name" -s /bin/sh -c '"$0" "$@"' -- "$@"
    fi
}

# Whether systemd runs this machine, and not only lies there.
systemd_runs() {
    have systemctl || return 1
    case $(systemctl is-system-running 2> /dev/null) in
        offline | unknown) return 1 ;;
    esac
}

# systemd_does ACTION: 2 where the service does not run.
systemd_does() {
    systemctl is-active --quiet "$unit" || return 2
    shown systemctl "$1" "$unit"
}

# is_process FOLDER NAME: whether a directory of /proc is a process of this program
is_process() { { read -r process_name < "$1/comm"; } 2> /dev/null && [ "$process_name" = "$2" ]; }

# processes NAME: the numbers of the processes of this program, without those that one of them started.
processes() {
    if [ -r /proc/self/status ]; then
        for processes_at in /proc/[0-9]*; do
            is_process "$processes_at" "$1" || continue
            processes_parent=$(sed -n 's/^PPid:[[:space:]]*//p' "$processes_at/status" 2> /dev/null) || continue
            is_process "/proc/$processes_parent" "$1" || say "${processes_at#/proc/}"
        done
    elif have pgrep; then
        pgrep -o -x "$1" || :
    fi
    return 0
}

# other_does ACTION: a service manager other than systemd.
other_does() {
    if [ -d /run/openrc ] && have rc-service; then
        shown rc-service "$unit" "$1"
    elif [ "$(uname -s)" = FreeBSD ] && have service; then
        shown service "$unit" "$1"
    else
        return 2
    fi
}

# service_does ACTION
service_does() {
    if systemd_runs; then systemd_does "$1"; else other_does "$1"; fi
}

# service_or_signal ACTION SIGNAL NAME: through the service manager, else a signal to the processes of this name.
service_or_signal() {
    if systemd_runs; then
        systemd_does "$1"
        return
    fi
    other_does "$1" && return
    signal_to=$(processes "$3")
    [ -n "$signal_to" ] || return 2
    # shellcheck disable=SC2086 # one word for each process
    shown kill -s "$2" $signal_to
}

# is_copy FILE FILE: cmp is not on every host.
is_copy() { [ "$(digest "$1")" = "$(digest "$2")" ]; }

# is_same FOLDER: a release has the files of this bundle; those that are made here are for is_prepared to judge.
is_same() {
    [ ! -L "$1" ] || return 1
    is_intact "$1" && is_copy ./manifest.json "$1/manifest.json" || return 1
    payload > "$list"
    while read -r _ _ same_source same_name; do
        case " $made_here " in *" $same_name "*) continue ;; esac
        is_copy "./$same_source" "$1/$same_name" || return 1
    done < "$list"
    has_attributes "$1" && is_prepared "$1"
}

# Every file that is installed has its digest in SHA256SUMS.
is_listed() {
    payload | while read -r _ _ listed_name _; do grep -q "^[0-9a-f]\{64\}  $listed_name\$" ./SHA256SUMS || exit 1; done
}

# inside PATH: where a file is, below another root directory with its links as they are meant there; fails where that cannot be told.
inside() {
    inside_path=$1
    inside_left=8
    while [ -n "$root" ]; do
        inside_above=${inside_path%/*}
        while [ -n "$inside_above" ]; do
            [ ! -L "$root$inside_above" ] || return 1
            inside_above=${inside_above%/*}
        done
        [ -L "$root$inside_path" ] || break
        [ "$inside_left" -gt 0 ] || return 1
        inside_left=$((inside_left - 1))
        inside_link=$(readlink "$root$inside_path") || return 1
        case $inside_link in
            /*) ;;
            *) inside_link=${inside_path%/*}/$inside_link ;;
        esac
        case $inside_link/ in
            */../* | */./*) return 1 ;;
        esac
        inside_path=$inside_link
    done
    say "$root$inside_path"
}

# number_of u|g NAME: the number of a user or group; fails where there is none.
number_of() {
    case $2 in
        root) say 0 && return ;;
        *[!0-9]*) ;;
        ?*) say "$2" && return ;;
    esac
    if [ "$1" = u ]; then number_file=passwd; else number_file=group; fi
    if [ -z "$root" ] && have getent; then
        number_line=$(getent "$number_file" "$2") || return 1
        say "$number_line" | cut -d : -f 3
    elif [ -z "$root" ] && [ "$1" = u ]; then
        id -u "$2" 2> /dev/null
    else
        number_list=$(inside "/etc/$number_file") || return 1
        number_found=$(NAME=$2 awk -F : '$1 == ENVIRON["NAME"] { print $3; exit }' "$number_list" 2> /dev/null) || return 1
        [ -n "$number_found" ] && say "$number_found"
    fi
}

# bits_of MODE: 0640 as ls shows it of a file
bits_of() {
    bits_left=${1#0}
    bits=-
    while [ -n "$bits_left" ]; do
        case $bits_left in
            0*) bits=$bits--- ;;
            4*) bits=${bits}r-- ;;
            5*) bits=${bits}r-x ;;
            6*) bits=${bits}rw- ;;
            7*) bits=${bits}rwx ;;
            *) bits="$bits???" ;;
        esac
        bits_left=${bits_left#?}
    done
    say "$bits"
}

# attributes PATH: type and mode, owner, group
attributes() {
    # shellcheck disable=SC2012 # numbers and letters only, before the name
    ls -ldn "$1" | {
        read -r attributes_bits _ attributes_user attributes_group _
        say "$(say "$attributes_bits" | cut -c 1-10) $attributes_user $attributes_group"
    }
}

# expect_own FOLDER: nobody but root and who runs this can exchange what is in it.
expect_own() {
    own_facts=$(attributes "$1")
    own_bits=${own_facts%% *}
    own_rest=${own_facts#* }
    own_user=${own_rest% *}
    own_group=${own_rest#* }
    case $own_user in
        0 | "$me") ;;
        *) fail 3 "$1 belongs to user $own_user, who could exchange what is in it; nothing was changed" ;;
    esac
    case $own_bits in
        *[tT]) return ;;
        d???????w?) fail 3 "others can write $1, and could exchange what is in it; nothing was changed" ;;
        d????w????) [ "$own_group" = 0 ] || fail 3 "group $own_group can write $1, and could exchange what is in it; nothing was changed" ;;
    esac
}

# Nothing below another root directory leads out of it.
expect_plain_way() {
    plain_left=${dest#/}/
    plain_path=$root
    while [ -n "$plain_left" ]; do
        plain_path=$plain_path/${plain_left%%/*}
        plain_left=${plain_left#*/}
        [ ! -L "$plain_path" ] || fail 3 "$plain_path is a symbolic link, which could lead out of $root; nothing was changed"
    done
}

# Every directory from the destination up, as far as there are any.
expect_own_way() {
    [ -z "$root" ] || expect_plain_way
    [ ! -L "$at" ] || fail 3 "$at is a symbolic link; name the directory itself; nothing was changed"
    [ ! -e "$at" ] || [ -d "$at" ] || fail 3 "$at is not a directory; nothing was changed"
    way=$at
    while [ ! -d "$way" ]; do
        [ ! -e "$way" ] && [ ! -L "$way" ] || fail 3 "$way is not a directory; nothing was changed"
        way=${way%/*}
        [ -n "$way" ] || way=/
    done
    way=$(cd "$way" && pwd -P && echo .)
    way=${way%?.}
    while :; do
        expect_own "$way"
        [ "$way" != / ] || break
        way=${way%/*}
        [ -n "$way" ] || way=/
    done
    for own_folder in "$at/releases" "$at/backup"; do
        if [ -L "$own_folder" ]; then
            fail 3 "$own_folder is a symbolic link; nothing was changed"
        elif [ -d "$own_folder" ]; then
            expect_own "$own_folder"
        elif [ -e "$own_folder" ]; then
            fail 3 "$own_folder is not a directory; nothing was changed"
        fi
    done
    [ ! -d "$releases/.lock" ] || fail 3 "$releases/.lock is a directory; nothing was changed"
}

# usual_dest NAME DIR: the directory of a bundle, by the system that this is where none is said.
usual_dest() {
    if [ -n "$2" ]; then
        say "$2"
    elif [ -e "$root/etc/redhat-release" ]; then
        say "/etc/pki/tls/gsec/$1"
    elif [ "$(uname -s)" = FreeBSD ]; then
        say "/usr/local/etc/ssl/gsec/$1"
    elif [ -d "$root/etc/ssl" ]; then
        say "/etc/ssl/gsec/$1"
    else
        say "/opt/gsec/tls/$1"
    fi
}

default_dest() { usual_dest "$name" "$fixed_dest"; }

is_release() {
    case $1 in
        '' | .* | *[!0-9a-f.]*) return 1 ;;
    esac
    [ ${#1} -ge 16 ]
}

# The release that current leads to; nothing where there is none.
current_release() {
    [ -L "$at/current" ] || return 0
    current_link=$(readlink "$at/current")
    case $current_link in
        releases/*) if is_release "${current_link#releases/}"; then say "${current_link#releases/}"; fi ;;
    esac
}

# point TARGET LINK: the link leads to the target, in one step.
point() {
    point_new=$at/.current.$$.new
    rm -f "$point_new"
    ln -s "$1" "$point_new"
    if mv -T "$point_new" "$2" 2> /dev/null; then
        :
    elif mv -h "$point_new" "$2" 2> /dev/null; then
        : # as FreeBSD and macOS have it
    elif have perl; then
        perl -e 'rename($ARGV[0], $ARGV[1]) or die "$!\n"' "$point_new" "$2"
    else
        say "install.sh: neither mv -T nor perl is here: between two steps there is no $2" >&2
        rm -f "$2"
        mv "$point_new" "$2"
    fi
}

# place_of CLASS: sets place_owner and place_group
place_of() {
    if [ "$1" = secret ]; then
        place_owner=$owner_number place_group=$group_number
    else
        place_owner=$public_number place_group=$public_group
    fi
}

# has_attributes FOLDER: every file of a release has its mode, owner and group.
has_attributes() {
    payload > "$list"
    while read -r row_class row_mode _ row_name; do
        place_of "$row_class"
        [ -f "$1/$row_name" ] || return 1
        [ "$(attributes "$1/$row_name")" = "$(bits_of "$row_mode") $place_owner $place_group" ] || return 1
    done < "$list"
    # The key that stays on this host is in no bundle.
    [ -n "$key_file" ] && [ -z "$(source_of "$key_file")" ] || return 0
    place_of secret
    [ -f "$1/$key_file" ] && [ "$(attributes "$1/$key_file")" = "$(bits_of "$key_mode") $place_owner $place_group" ]
}

# put SOURCE FILE CLASS MODE: never more open than it is in the end.
put() {
    place_of "$3"
    (umask 077 && cat < "$1" > "$2")
    finish "$2" "$4"
}

finish() {
    if [ "$me" = 0 ] || [ "$(attributes "$1" | cut -d ' ' -f 2-)" != "$place_owner $place_group" ]; then
        chown "$place_owner:$place_group" "$1"
    fi
    chmod "$2" "$1"
}

# source_of NAME: where a file that is installed lies in this directory; nothing where it is not there.
source_of() { payload | while read -r _ _ source_at source_name; do [ "$source_name" != "$1" ] || say "$source_at"; done; }

has_key() { grep -q '^-----BEGIN .*PRIVATE KEY-----' "$1"; }

# public_of FILE: the public half of a private key; fails where it cannot be read.
public_of() { openssl pkey -in "$1" -passin pass: -pubout 2> /dev/null < /dev/null; }

# certified_by FILE: the public key of a certificate; fails where openssl is not here, or does not read it.
certified_by() { have openssl && openssl x509 -in "$1" -noout -pubkey 2> /dev/null; }

# The file of this bundle with the certificate that the key belongs to.
certificate_source() {
    certificate_at=$(source_of "$pair_certificate")
    say "./${certificate_at:-fullchain.pem}"
}

# try_key FILE: sets key_at where the file has the key of the certificate, or any where openssl cannot tell; key_seen to the first with a key.
try_key() {
    [ -z "$key_at" ] && [ -f "$1" ] && [ ! -L "$1" ] || return 0
    [ -r "$1" ] || { key_unread=${key_unread:-$1} && return 0; }
    has_key "$1" || return 0
    key_seen=${key_seen:-$1}
    [ -z "$key_public" ] || [ "$(public_of "$1")" = "$key_public" ] || return 0
    key_at=$1
}

# try_keys DIR: the key that waits for its certificate there, one that was put there, and those of releases, the present one first.
try_keys() {
    for try_at in "$1/.request"/*.pem "$1/$key_file" "$1/privkey.pem" "$1/releases/$before/$key_file" "$1/releases"/*/*; do
        try_key "$try_at"
    done
}

# The key of this host that another bundle has: nobody else can exchange what is there.
try_keys_elsewhere() {
    elsewhere=$root$(usual_dest "$key_of" "$key_in")
    for elsewhere_at in "$elsewhere" "$elsewhere/releases" "$elsewhere/.request"; do
        [ -e "$elsewhere_at" ] || continue
        [ -d "$elsewhere_at" ] && [ ! -L "$elsewhere_at" ] || fail 3 "$elsewhere_at is not a directory; nothing was changed"
        expect_own "$elsewhere_at"
    done
    try_keys "$elsewhere"
}

# Sets key_at to the file with the private key: that of this bundle, or the one that stays on this host.
find_key() {
    key_at=$(source_of "$key_file")
    if [ -n "$key_at" ]; then
        key_at=./$key_at
        has_key "$key_at" || fail 3 "$key_file has no private key; nothing was changed"
        return 0
    fi
    key_seen=
    key_unread=
    key_public=$(certified_by "$(certificate_source)") || key_public=
    if [ -n "$key_made" ] && [ -z "$key_public" ]; then
        fail 3 'openssl is not here, or does not read the certificate: cannot tell which key belongs to it; nothing was changed'
    fi
    try_keys "$at"
    [ "$key_made" != elsewhere ] || try_keys_elsewhere
    [ -z "$key_at" ] || return 0
    [ -z "$key_made" ] || fail 8 'no private key on this host belongs to the certificate; nothing was changed'
    key_at=$key_seen
    [ -z "$key_at" ] || return 0
    [ -z "$key_unread" ] || fail 3 "cannot read $key_unread; nothing was changed"
    fail 3 "this bundle has no private key: put the one that stays on this host into $at/$key_file; nothing was changed"
}

# The key that waited for its certificate, and is in the present release now.
forget_request() {
    [ -d "$at/.request" ] && [ ! -L "$at/.request" ] || return 0
    forget_public=$(certified_by "$at/current/$pair_certificate") || return 0
    for forget_at in "$at/.request"/*.pem; do
        [ "$(public_of "$forget_at")" != "$forget_public" ] || rm -f "$forget_at"
    done
    rmdir "$at/.request" 2> /dev/null || :
}

# expect_pair CERTIFICATE KEY: they belong together, as far as this host can tell.
expect_pair() {
    if ! have openssl; then
        say 'not checked: whether key and certificate belong together, since openssl is not here'
        return 0
    fi
    if ! pair_one=$(certified_by "$1"); then
        say 'not checked: whether key and certificate belong together, since openssl does not read the certificate'
        return 0
    fi
    pair_two=$(public_of "$2") ||
        fail 3 "the private key in $2 cannot be read: it is damaged, or under a password; nothing was changed"
    [ "$pair_one" = "$pair_two" ] || fail 3 "the private key in $2 does not belong to the certificate; nothing was changed"
}

# Before anything is written.
expect_installable() {
    expect_host
    [ -n "$key_file" ] || return 0
    find_key
    [ -n "$pair_certificate" ] || return 0
    expect_pair "$(certificate_source)" "$key_at"
}

# key_blocks FILE: the private keys in a PEM file, and nothing else
key_blocks() { awk '/^-----BEGIN .*PRIVATE KEY-----/ { on = 1 } on { print } /^-----END .*PRIVATE KEY-----/ { on = 0 }' "$1"; }

# The key that stays on this host goes into the new release.
take_key() {
    place_of secret
    (
        umask 077
        case $key_with in
            certificates-first) cat "$staging/fullchain.pem" && key_blocks "$key_at" ;;
            key-first) key_blocks "$key_at" && cat "$staging/fullchain.pem" ;;
            *) key_blocks "$key_at" ;;
        esac > "$staging/$key_file"
    )
    finish "$staging/$key_file" "$key_mode"
}

make_folder() {
    if [ ! -d "$1" ]; then
        mkdir -p "$1"
        chmod 0755 "$1"
    fi
}

# Makes the directories down to the destination, each 0755 whatever the umask.
make_way() {
    [ -d "$releases" ] || way_made=yes
    make_left=${at#/}/
    make_path=
    while [ -n "$make_left" ]; do
        make_path=$make_path/${make_left%%/*}
        make_left=${make_left#*/}
        make_folder "$make_path"
    done
}

# What a call left that was killed.
remove_left() {
    for left in "$releases"/.[0-9a-f]*.new "$releases"/.history.*.new "$at"/.current.*.new "$at/.request"/.[0-9]*.new; do
        [ -e "$left" ] || [ -L "$left" ] || continue
        left_process=${left%.new}
        left_process=${left_process##*.}
        if ! kill -0 "$left_process" 2> /dev/null; then rm -rf "$left"; fi
    done
}

# Writes the release as a whole, under another name first; sets release.
make_release() {
    release=$id
    release_number=1
    while [ -e "$releases/$release" ] || [ -L "$releases/$release" ]; do
        if is_same "$releases/$release"; then return 0; fi
        release_number=$((release_number + 1))
        release=$id.$release_number
    done
    staging=$releases/.$release.$$.new
    rm -rf "$staging"
    mkdir "$staging"
    payload > "$list"
    while read -r row_class row_mode row_source row_name; do
        put "./$row_source" "$staging/$row_name" "$row_class" "$row_mode"
    done < "$list"
    place_of public
    put ./manifest.json "$staging/manifest.json" public 0644
    [ -z "$key_file" ] || [ -f "$staging/$key_file" ] || take_key
    prepare
    for make_file in "$staging"/*; do
        [ "${make_file##*/}" != SHA256SUMS ] || continue
        make_sum=$(digest "$make_file")
        [ ${#make_sum} = 64 ] || fail 3 "the digest of a file cannot be made; nothing was changed"
        say "$make_sum  ${make_file##*/}"
    done > "$staging/SHA256SUMS"
    finish "$staging/SHA256SUMS" 0644
    aliases > "$list"
    while read -r alias_name alias_target; do ln -s "$alias_target" "$staging/$alias_name"; done < "$list"
    # Directories are for all to pass; what is secret in them has a mode of its own.
    chmod 0755 "$staging"
    if have restorecon; then restorecon -R "$staging" 2> /dev/null || :; fi
    sync
    phase=made
    mv "$staging" "$releases/$release"
    staging=
}

# is_plain NAME: of a file in a release, which leads nowhere else.
is_plain() {
    case $1 in
        '' | . | .. | */*) return 1 ;;
    esac
}

# remove_release NAME: only what this script wrote.
remove_release() {
    if [ -f "$releases/$1/SHA256SUMS" ]; then
        while read -r _ remove_name; do
            if is_plain "$remove_name"; then rm -f "$releases/$1/$remove_name"; fi
        done < "$releases/$1/SHA256SUMS"
    fi
    for remove_name in "$releases/$1"/*; do
        if [ -L "$remove_name" ]; then rm -f "$remove_name"; fi
    done
    rm -f "$releases/$1/SHA256SUMS"
    rmdir "$releases/$1" 2> /dev/null || say "install.sh: $releases/$1 has files of somebody else, and stays" >&2
}

# put_right NAME: the files of a release have owner and mode of the table again, and nobody else reads what else has a private key in it.
put_right() {
    payload | while read -r right_class right_mode _ right_name; do
        put_file_right "$releases/$1/$right_name" "$right_class" "$right_mode"
    done
    [ -z "$key_file" ] || put_file_right "$releases/$1/$key_file" secret "$key_mode"
    for right_at in "$releases/$1"/*; do
        [ -f "$right_at" ] && [ ! -L "$right_at" ] || continue
        [ -z "$(source_of "${right_at##*/}")" ] || continue
        case $right_at in
            *.p12 | *.pfx) ;;
            *) has_key "$right_at" || continue ;;
        esac
        case $(attributes "$right_at") in
            ???????---*) ;;
            *) chmod o-rwx "$right_at" ;;
        esac
    done
}

# put_file_right PATH CLASS MODE: without being root nobody gives a file away.
put_file_right() {
    [ -f "$1" ] && [ ! -L "$1" ] || return 0
    place_of "$2"
    if [ "$me" != 0 ]; then
        chmod "$3" "$1"
    elif [ "$(attributes "$1")" != "$(bits_of "$3") $place_owner $place_group" ]; then
        finish "$1" "$3"
    fi
}

# history: releases, the newest last
history() {
    [ ! -f "$releases/.history" ] || [ -L "$releases/.history" ] || while read -r history_name; do
        if is_release "$history_name" && [ -d "$releases/$history_name" ] && [ ! -L "$releases/$history_name" ]; then say "$history_name"; fi
    done < "$releases/.history"
}

# write_list FILE: what is read from standard input becomes a file of releases, in one step; a link in its place is replaced, not followed.
write_list() {
    rm -f "$releases/.history.$$.new"
    cat > "$releases/.history.$$.new"
    mv -f "$releases/.history.$$.new" "$1"
}

# remember [--first] NAME: as the newest release, or as the oldest, which is removed first
remember() {
    remember_last=
    [ "$1" != --first ] || { remember_last=no && shift; }
    {
        [ -z "$remember_last" ] || say "$1"
        history | grep -vxF "$1" || :
        [ -n "$remember_last" ] || say "$1"
    } | write_list "$releases/.history"
}

# Three releases stay. What is in no history was refused, or its call was killed.
remove_old() {
    history > "$list"
    for old_path in "$releases"/*; do
        old_name=${old_path##*/}
        if is_release "$old_name" && [ -d "$old_path" ] && [ ! -L "$old_path" ] && ! grep -qxF "$old_name" "$list" &&
            [ "$old_name" != "$(current_release)" ]; then
            remove_release "$old_name"
        fi
    done
    old_count=$(($(wc -l < "$list") - 3))
    while [ "$old_count" -gt 0 ] && read -r old_name; do
        if [ "$old_name" != "$(current_release)" ]; then remove_release "$old_name"; fi
        old_count=$((old_count - 1))
    done < "$list"
    history | write_list "$releases/.history"
    # What stays can become current again, and has keys in it.
    history > "$list"
    while read -r old_name; do put_right "$old_name"; done < "$list"
}

# Names in the destination itself: those that the target has there, and those of which somebody else's file stands in the way.
names_here() {
    payload | while read -r _ _ _ here_name; do
        if [ -e "$at/$here_name" ] || [ -L "$at/$here_name" ]; then say "$here_name"; fi
    done
    [ "$links_here" = no ] || payload | while read -r _ _ _ here_name; do say "$here_name"; done
}

# is_ours NAME: a link of this script's
is_ours() { [ -L "$at/$1" ] && [ "$(readlink "$at/$1")" = "current/$1" ]; }

# Moves what is not gsec's out of the way, and puts links in its place.
move_aside() {
    aside=$at/backup/$(date -u +%Y%m%dT%H%M%SZ)
    moved=
    linked=
    if { [ -e "$at/current" ] || [ -L "$at/current" ]; } && [ -z "$(current_release)" ]; then
        move_one current
    fi
    names_here | sort -u > "$list"
    while read -r move_name; do
        if is_ours "$move_name"; then continue; fi
        if [ -e "$at/$move_name" ] || [ -L "$at/$move_name" ]; then move_one "$move_name"; fi
        linked="$linked $move_name"
    done < "$list"
    for move_name in $linked; do ln -s "current/$move_name" "$at/$move_name"; done
}

move_one() {
    make_folder "$at/backup"
    [ ! -L "$aside" ] || { go_back && fail 3 "$aside is a symbolic link; current leads to ${before:-nothing} as before"; }
    make_folder "$aside"
    moved="$moved $1"
    mv "$at/$1" "$aside/$1"
    say "moved $at/$1, which is not gsec's, to $aside/$1"
}

# As it was before this call.
go_back() {
    if [ -n "$before" ]; then point "releases/$before" "$at/current"; else rm -f "$at/current"; fi
    for back_name in $linked; do
        if is_ours "$back_name"; then rm -f "$at/$back_name"; fi
    done
    for back_name in $moved; do
        if [ -e "$aside/$back_name" ] || [ -L "$aside/$back_name" ]; then mv "$aside/$back_name" "$at/$back_name"; fi
    done
    if [ -n "$moved" ]; then rmdir "$aside" "$at/backup" 2> /dev/null || :; fi
    if [ "$action" = install ]; then remove_old; fi
    rm -f "$releases/.pending"
}

# try_release NAME: lets current lead there, has it checked, and reloads; goes back where that fails.
try_release() {
    # Programs that run as the service's user could not enter the directory of a bundle.
    cd /
    phase=made
    say "$before" | write_list "$releases/.pending"
    point "releases/$1" "$at/current"
    if [ -n "$root" ]; then
        rm -f "$releases/.pending"
        phase=loaded
        return 0
    fi
    check_service && checked=0 || checked=$?
    case $checked in
        0) ;;
        2) say "not checked: $target does not run here, or has no check of its own" ;;
        *) go_back && fail 4 "$target refuses the new files: nothing was reloaded, and current leads to ${before:-nothing} as before" ;;
    esac
    if [ "$no_reload" = yes ]; then
        say 'not reloaded, as asked'
        rm -f "$releases/.pending"
        phase=loaded
        return 0
    fi
    phase=loading
    reload_service && reloaded=0 || reloaded=$?
    case $reloaded in
        0) ;;
        2) say "$not_reloaded" ;;
        *)
            go_back
            reload_service || :
            fail 5 "$target did not reload: current leads to ${before:-nothing} as before"
            ;;
    esac
    rm -f "$releases/.pending"
    phase=loaded
}

# One call at a time works in a destination. The lock is a link that names its process: it is there with its content or not at all.
take_lock() {
    lock=$releases/.lock
    lock_tries=0
    lock_failures=0
    until ln -s "$$" "$lock" 2> /dev/null; do
        [ -d "$releases" ] || fail 3 "$dest was removed by another call; nothing was changed"
        if ! lock_by=$(readlink "$lock" 2> /dev/null); then
            # Another call has just let it go, or no link can be made here.
            lock_failures=$((lock_failures + 1))
            [ "$lock_failures" -le 50 ] || fail 3 "cannot create $lock; nothing was changed"
            continue
        fi
        if kill -0 "$lock_by" 2> /dev/null; then
            lock_tries=$((lock_tries + 1))
            [ "$lock_tries" -le 120 ] || fail 3 "process $lock_by has been working in $dest for two minutes; nothing was changed"
            sleep 1
        elif mv "$lock" "$lock.$$.new" 2> /dev/null; then
            # Left by a call that was killed.
            rm -f "$lock.$$.new"
        fi
    done
    locked=yes
}

clean_up() {
    [ -n "$at" ] || return 0
    [ "$locked" = no ] || rm -f "$lock"
    [ -z "$staging" ] || rm -rf "$staging"
    [ -z "$list" ] || rm -f "$list"
    if [ -d "$releases" ]; then rm -f "$releases/.history.$$.new" "$at/.current.$$.new"; fi
    # Directories of this call in which nothing came to be.
    if [ "$way_made" = yes ] && [ ! -L "$at/current" ]; then
        rm -f "$releases/.history"
        rmdir "$releases" "$at" 2> /dev/null || :
    fi
}

# After an end that nobody expected: as it was before, and sets stands to what is so.
put_back() {
    case $phase in
        none) stands='nothing was changed' && return ;;
        removing) stands="a part may be removed from $dest; call it again" && return ;;
        loaded) stands="current leads to $(current_release), which is in use; call it again to finish" && return ;;
    esac
    go_back
    [ "$phase" = made ] || reload_service > /dev/null 2>&1 || :
    if [ "$(current_release)" = "$before" ]; then
        stands="current leads to ${before:-nothing} as before"
    else
        stands="current leads to $(current_release); call it again to finish"
    fi
}

# Ends the call where there is nothing to do, or only what a call that was killed had left to do.
end_if_current() {
    if [ -n "$before" ] && [ "${before%%.*}" = "$id" ] && is_same "$releases/$before"; then
        if [ ! -f "$releases/.pending" ]; then
            if [ "$dry_run" = no ]; then
                remove_left
                history | grep -qxF "$before" || remember "$before"
                forget_request
            fi
            say "unchanged: $dest/current is release $before"
            say "state=unchanged current=$before"
            exit 0
        fi
        # A call was killed before the service had reloaded: that is left to do.
        unfinished=$before
        before=
        [ -L "$releases/.pending" ] || read -r before < "$releases/.pending" || before=
        is_release "$before" || before=
        [ "$dry_run" = no ] || { say "would have the service check and load release $unfinished" && exit 0; }
        if [ -z "$lock" ]; then
            take_lock
            if [ ! -f "$releases/.pending" ] && [ "$(current_release)" = "$unfinished" ]; then
                say "unchanged: $dest/current is release $unfinished"
                say "state=unchanged current=$unfinished"
                exit 0
            fi
        fi
        try_release "$unfinished"
        remember "$unfinished"
        forget_request
        say "state=installed previous=${before:-none} current=$unfinished"
        exit 0
    fi
}

do_install() {
    before=$(current_release)
    moved=
    linked=
    aside=
    end_if_current
    expect_installable
    if [ "$dry_run" = yes ]; then
        say "would install release $id in $dest, with current leading there (now: ${before:-nothing})"
        payload | while read -r dry_class dry_mode _ dry_name; do
            place_of "$dry_class"
            say "  $dest/releases/$id/$dry_name  mode $dry_mode, owner $place_owner, group $place_group"
        done
        say "nothing was changed"
        exit 0
    fi
    make_way
    make_folder "$releases"
    expect_own_way
    take_lock
    before=$(current_release)
    end_if_current
    remove_left
    [ -z "$key_file" ] || find_key
    make_release
    move_aside
    try_release "$release"
    remember "$release"
    remove_old
    forget_request
    say "installed release $release in $dest; the files are in $dest/current"
    [ "$dest" = "$snippet_dest" ] || say "note: snippet.conf names $snippet_dest; here it is $dest"
    say "state=installed previous=${before:-none} current=$release"
}

expect_not_moved() {
    if [ "${before%%.*}" != "$id" ] && [ "$yes" = no ]; then
        say "state=moved current=$before"
        fail 7 "current is release $before, not $id of this bundle: nothing was changed; --yes goes on anyway"
    fi
}

do_rollback() {
    before=$(current_release)
    moved=
    linked=
    [ -n "$before" ] || fail 3 "nothing is installed in $dest"
    expect_not_moved
    history > "$list"
    earlier=
    while read -r rollback_name; do
        [ "$rollback_name" != "$before" ] || break
        earlier=$rollback_name
    done < "$list"
    [ -n "$earlier" ] || fail 3 "there is no release before $before; nothing was changed"
    is_intact "$releases/$earlier" || fail 3 "release $earlier is damaged; nothing was changed"
    if [ -n "$pair_certificate" ] && [ -f "$releases/$earlier/$pair_certificate" ] && [ -f "$releases/$earlier/$key_file" ]; then
        expect_pair "$releases/$earlier/$pair_certificate" "$releases/$earlier/$key_file"
    fi
    [ "$dry_run" = no ] || { say "would let current lead to $earlier; nothing was changed" && exit 0; }
    take_lock
    [ "$(current_release)" = "$before" ] || fail 7 "another call was faster; nothing was changed"
    put_right "$earlier"
    try_release "$earlier"
    remember "$earlier"
    remember --first "$before"
    say "state=rolled-back previous=$before current=$earlier"
}

do_uninstall() {
    before=$(current_release)
    if [ -z "$before" ]; then
        say "nothing of gsec's is installed in $dest"
        say "state=absent"
        exit 0
    fi
    expect_not_moved
    [ "$dry_run" = no ] || { say "would remove $dest/current and the releases of gsec in $dest; nothing was changed" && exit 0; }
    take_lock
    phase=removing
    payload | while read -r _ _ _ uninstall_name; do
        if is_ours "$uninstall_name"; then rm -f "$at/$uninstall_name"; fi
    done
    rm -f "$at/current"
    for uninstall_path in "$releases"/*; do
        if [ -d "$uninstall_path" ] && [ ! -L "$uninstall_path" ] && is_release "${uninstall_path##*/}"; then
            remove_release "${uninstall_path##*/}"
        fi
    done
    remove_left
    [ -L "$at/.request" ] || rm -rf "$at/.request"
    rm -f "$releases/.history" "$releases/.pending" "$lock"
    locked=no
    rmdir "$releases" "$at" 2> /dev/null || :
    case $at in */gsec/*) rmdir "${at%/*}" 2> /dev/null || : ;; esac
    [ ! -d "$at/backup" ] || say "what was there before is in $dest/backup"
    say "removed from $dest; the service was not reloaded, and its settings may still name these files"
    say "state=removed previous=$before"
}

# take_id: the files here are whole, and id is the release that they are.
take_id() {
    expect_readable .
    is_intact . && is_listed || fail 3 'a file of this directory is missing, or is not as SHA256SUMS has it; nothing was changed'
    id=$(digest ./manifest.json | cut -c 1-16)
    [ ${#id} = 16 ] || fail 3 'the digest of manifest.json cannot be made; nothing was changed'
}

# begin ACTION: nothing else is known yet, and nothing was done.
begin() {
    action=$1
    dry_run=no
    no_reload=no
    yes=no
    root=
    dest=
    staging=
    list=
    lock=
    locked=no
    at=
    releases=
    way_made=no
    # How far a call came: none, made, loading, loaded; or removing.
    phase=none
    before=
    moved=
    linked=
    aside=
}

# ---- The arguments.

begin install
while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry_run=yes ;;
        --no-reload) no_reload=yes ;;
        --yes) yes=yes ;;
        --uninstall | --rollback)
            [ "$action" = install ] || [ "$action" = "${1#--}" ] || misused "--uninstall and --rollback are two things"
            action=${1#--}
            ;;
        --help | -h) usage && exit 0 ;;
        --dest | --root | --owner | --group)
            expect_value "$@"
            case $1 in
                --dest) dest=$2 ;;
                --root) root=$2 ;;
                --owner) key_owner=$2 ;;
                --group) key_group=$2 ;;
            esac
            shift
            ;;
        --dest=* | --root=* | --owner=* | --group=*)
            expect_value "${1%%=*}" "${1#*=}"
            case $1 in
                --dest=*) dest=${1#*=} ;;
                --root=*) root=${1#*=} ;;
                --owner=*) key_owner=${1#*=} ;;
                --group=*) key_group=${1#*=} ;;
            esac
            ;;
        *) misused "unknown argument $1" ;;
    esac
    shift
done

enter_bundle

# ---- The work.

me=$(id -u)
while [ "$root" != / ] && [ "${root%/}" != "$root" ]; do root=${root%/}; done
case $root in
    / | '') root= ;;
    /*) [ -d "$root" ] || fail 3 '--root is not a directory; nothing was changed' ;;
    *) fail 2 '--root must be a full path, such as /srv/image' ;;
esac
[ -n "$dest" ] || dest=$(default_dest)
while [ "$dest" != / ] && [ "${dest%/}" != "$dest" ]; do dest=${dest%/}; done
case $dest/ in
    *[[:cntrl:]]*) fail 2 '--dest has a control character' ;;
    //* | */./* | */../* | *//*) fail 2 '--dest must be a full path without . and .., below /' ;;
    /*) ;;
    *) fail 2 '--dest must be a full path, such as /etc/ssl/gsec/web' ;;
esac
at=$root$dest
releases=$at/releases
choose_digest_tool
take_id
owner_number=0
group_number=0
public_number=0
public_group=0
if [ "$action" != uninstall ]; then
    owner_number=$(number_of u "$key_owner") || fail 3 "there is no user $key_owner here; nothing was changed"
    group_number=$(number_of g "$key_group") || fail 3 "there is no group $key_group here; nothing was changed"
fi
if [ "$me" != 0 ]; then
    public_number=$me
    public_group=$(id -g)
    if [ "$action" = install ] && [ "$owner_number" != "$me" ]; then
        fail 3 "only root can give files to user $key_owner: run it as root, or pass --owner and --group; nothing was changed"
    fi
fi
expect_own_way
have mktemp || fail 3 'mktemp is not here; nothing was changed'
list=$(mktemp "${TMPDIR:-/tmp}/gsec.XXXXXX") || fail 3 "cannot create a file in ${TMPDIR:-/tmp}; nothing was changed"
"do_$action"
