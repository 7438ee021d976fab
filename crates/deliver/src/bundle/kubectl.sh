
# ---- What is done, and how. Nothing below depends on the certificate or on what anybody is called.

usage() {
    cat <<'USAGE'
Usage: sh install.sh [--dry-run] [--uninstall]

Has kubectl check the files of this directory, and apply them, in the namespace and context that kubectl has.

  --dry-run      have kubectl check them, and change nothing
  --uninstall    have kubectl delete what they describe

Exit status: 0 done; 2 the command line is not understood; 3 it could not be done, and nothing was changed: kubectl is not here, or does not
reach the cluster; 4 the cluster refuses the files, and nothing was changed; 5 not all of them could be applied or deleted.
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
        *) misused "unknown argument $1" ;;
    esac
    shift
done
enter_bundle
choose_digest_tool
expect_readable .
is_intact . || fail 3 'a file of this directory is missing, or is not as SHA256SUMS has it; nothing was changed'
have kubectl || fail 3 'kubectl is not here; nothing was changed'
# What it answers without a cluster, or without permission to log in, is not about the files.
kubectl get --raw /version --request-timeout=20s > /dev/null || fail 3 'kubectl does not reach the cluster (see above); nothing was changed'
set --
for file in ./*.yaml; do set -- "$@" -f "$file"; done
if [ "$action" = delete ]; then
    if [ "$dry_run" = yes ]; then
        kubectl delete --dry-run=client --ignore-not-found "$@" || fail 4 'kubectl refuses to delete them (see above); nothing was changed'
        exit 0
    fi
    kubectl delete --ignore-not-found "$@" || fail 5 'kubectl did not delete all of them (see above)'
    exit 0
fi
kubectl apply --dry-run=client "$@" || fail 4 'kubectl refuses the files (see above); nothing was changed'
[ "$dry_run" = no ] || exit 0
kubectl apply "$@" || fail 5 'kubectl did not apply all of the files (see above)'
