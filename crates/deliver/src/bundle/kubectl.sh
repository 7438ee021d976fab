
# ---- What is done, and how. Nothing below depends on the certificate or on what anybody is called.

usage() {
    cat <<'USAGE'
Usage: sh install.sh [--dry-run] [--uninstall]

Has kubectl check the files of this directory, and apply them, in the namespace and context that kubectl has.

  --dry-run      have kubectl check them, and change nothing
  --uninstall    have kubectl delete what they describe

Exit status: 0 done; 2 the command line is not understood; 3 it could not be done; 4 kubectl refuses the files; 5 it could not apply them.
USAGE
}

# fail STATUS TEXT
fail() {
    printf 'install.sh: %s\n' "$2" >&2
    exit "$1"
}

have() { command -v "$1" > /dev/null 2>&1; }

# digest FILE: its SHA-256
digest() {
    if have sha256sum; then
        sha256sum < "$1" | cut -c 1-64
    elif have shasum; then
        shasum -a 256 < "$1" | cut -c 1-64
    elif have openssl; then
        openssl dgst -sha256 < "$1" | sed 's/^.*[ =]//'
    elif have sha256; then
        sha256 < "$1" | sed 's/^.*[ =]//'
    fi
}

is_intact() {
    while read -r intact_sum intact_name; do
        [ -f "./$intact_name" ] && [ "$(digest "./$intact_name")" = "$intact_sum" ] || return 1
    done < ./SHA256SUMS
}

action=apply
dry_run=no
while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry_run=yes ;;
        --uninstall) action=delete ;;
        --yes | --no-reload) ;;
        --help | -h) usage && exit 0 ;;
        *) usage >&2 && fail 2 "what is this: $1" ;;
    esac
    shift
done
case $0 in
    */*) here=${0%/*} ;;
    *) here=. ;;
esac
case $here in
    '') here=/ ;;
    -*) here=./$here ;;
esac
cd "$here" || fail 3 'cannot enter the directory of install.sh'
[ -f ./SHA256SUMS ] && is_intact || fail 3 'a file of this directory is missing, or is not as SHA256SUMS has it'
have kubectl || fail 3 'kubectl is not here'
set --
for file in ./*.yaml; do set -- "$@" -f "$file"; done
if [ "$action" = delete ]; then
    [ "$dry_run" = no ] || exec kubectl delete --dry-run=client --ignore-not-found "$@"
    exec kubectl delete --ignore-not-found "$@"
fi
kubectl apply --dry-run=client "$@" || fail 4 'kubectl refuses the files; nothing was changed'
[ "$dry_run" = no ] || exit 0
kubectl apply "$@" || fail 5 'kubectl could not apply the files'
