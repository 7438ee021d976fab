takes_commands=no

case ${1-} in
    install | rollback | request | status) ;;
    *) fail 2 'it is called by gsec, as push.sh install' ;;
esac
enter_bundle
read_settings ./plan
start "$1"
