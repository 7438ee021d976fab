
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
enter_bundle
choose_digest_tool
is_intact . || fail 3 'a file of this directory is missing, or is not as SHA256SUMS has it'
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
