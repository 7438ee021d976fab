#!/bin/sh
# Starts the units of the package under a systemd of its own, as the first process of a machine that has nothing but /usr of this one, and writes down
# what became of them. `sh under_systemd.sh FOLDER GSECD UNITS`, as root: FOLDER gets `out/`.
set -eu
folder=$1 gsecd=$2 units=$3

if [ "${4-}" != inside ]; then
    mkdir -p "$folder/root" "$folder/out"
    exec unshare --mount --pid --fork --kill-child --ipc --uts --net --cgroup sh "$0" "$folder" "$gsecd" "$units" inside
fi

root=$folder/root
mount --make-rprivate /
mount -t tmpfs -o mode=755 none "$root"
cd "$root"
mkdir -p usr etc/systemd/system var/lib run tmp proc sys dev opt out old
mount --bind /usr usr
for name in bin sbin lib lib64; do ln -s "usr/$name" "$name"; done
cp /etc/ld.so.cache etc/
echo 0123456789abcdef0123456789abcdef > etc/machine-id
cat > etc/passwd <<'USERS'
root:x:0:0::/root:/bin/sh
gsec:x:61017:61017::/var/lib/gsec-ca:/usr/sbin/nologin
gsec-signer:x:61018:61018::/var/lib/gsec-signer:/usr/sbin/nologin
USERS
cut -d: -f1,2,4 etc/passwd | sed 's/$/:/' > etc/group
mount -t proc none proc
# Or systemd would set what Debian has for the kernel: that is the kernel of this machine.
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs none sys
mount -t cgroup2 none sys/fs/cgroup
mount -t tmpfs -o mode=755 none dev
for name in null zero full random urandom tty; do cp -a "/dev/$name" dev/; done
mkdir dev/shm dev/pts dev/mqueue dev/hugepages
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=755 none run
mount -t tmpfs none tmp
mount --bind "$folder/out" out
cp "$gsecd" opt/gsec
for unit in gsec-signer gsec-serve; do
    sed 's#/usr/bin/gsec#/opt/gsec#' "$units/$unit.service" > "etc/systemd/system/$unit.service"
done
cat > etc/systemd/system/look.service <<'UNIT'
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/bin/sh /opt/look.sh
StandardOutput=file:/out/log
StandardError=file:/out/log
UNIT
printf '[Unit]\nRequires=look.service\n' > etc/systemd/system/look.target

cat > opt/look.sh <<'LOOK'
set -x
gsec() { "$@" --ca-dir /var/lib/gsec-ca --no-input; }
as_front="setpriv --reuid=61017 --regid=61017 --clear-groups"
install -d -o gsec -g gsec -m 700 /var/lib/gsec-ca
gsec $as_front /opt/gsec ca init --cn 'Example CA' --key-type p256
echo 'names = ["127.0.0.1"]' > /var/lib/gsec-ca/ca_conf/serve.toml
chown gsec:gsec /var/lib/gsec-ca/ca_conf/serve.toml
gsec /opt/gsec serve move-key --to /var/lib/gsec-signer --user gsec-signer
ip link set lo up
systemctl daemon-reload
systemctl start gsec-signer gsec-serve
for turn in $(seq 300); do
    gsec /opt/gsec serve status --json > /out/status && break
    sleep 0.2
done
gsec $as_front /opt/gsec cert issue db1.example.com --key-type p256 > /out/issued
for unit in gsec-signer gsec-serve; do
    systemctl is-active $unit > /out/$unit.active
    pid=$(systemctl show -P MainPID $unit)
    cat /proc/$pid/status > /out/$unit.process
    # What it would see, even as root.
    inside="nsenter --target $pid --mount"
    $inside cat /var/lib/gsec-signer/ca_conf/ca_priv_key.pem > /out/$unit.key
    $inside ls /var/lib/gsec-ca/ca_conf > /out/$unit.ca
    readlink /proc/$pid/ns/net > /out/$unit.network
done
readlink /proc/self/ns/net > /out/network
systemctl stop gsec-serve gsec-signer
systemctl show -P Result gsec-serve gsec-signer > /out/results
touch /out/end
systemctl exit 0
LOOK

pivot_root . old
cd /
umount -l old
container=test exec /usr/lib/systemd/systemd --system --unit=look.target --show-status=no --log-target=null
