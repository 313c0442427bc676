#!/bin/bash
# A real systemd as process 1, in namespaces of its own over this machine's files: what it writes goes
# to memory and is gone with it. Root on Linux; run by eval.drills.units.
#
#   units_box.sh FOLDER    begin; ends when its systemd ends
set -euo pipefail
folder=$1

begin() { # a group of its own, so that systemd finds no process but its own
    mkdir -p "$folder/groups" "$folder/files"
    mount -t cgroup2 none "$folder/groups"
    mkdir -p "$folder/groups/box-$$"
    echo $$ > "$folder/groups/box-$$/cgroup.procs"
    exec unshare --mount --pid --uts --ipc --net --cgroup --fork --kill-child \
        "$BASH" "$0" "$folder" inside
}

inside() {
    mount --make-rprivate /
    files=$folder/files
    mount -t tmpfs none "$files"
    mkdir "$files"/{upper,work,root}
    mount -t overlay overlay -o "lowerdir=/,upperdir=$files/upper,workdir=$files/work" "$files/root"
    cd "$files/root"
    mount -t proc proc proc
    mount -t sysfs sysfs sys
    mount -t cgroup2 cgroup sys/fs/cgroup
    devices
    mount -t tmpfs none run
    mount -t tmpfs none tmp
    ip link set lo up
    mkdir -p old
    pivot_root . old
    umount -l /old
    mount --make-rshared / # systemd hands credentials out through it
    rm -rf /etc/systemd/system/*.wants
    exec env -i container=box "PATH=$PATH" LANG=C.UTF-8 \
        /lib/systemd/systemd --unit=basic.target --log-target=journal --show-status=0
}

devices() {
    mount -t tmpfs none dev
    for name in null zero full random urandom tty; do
        : > "dev/$name"
        mount --bind "/dev/$name" "dev/$name"
    done
    mkdir dev/pts dev/shm
    mount -t devpts devpts dev/pts -o newinstance,ptmxmode=0666
    mount -t tmpfs none dev/shm
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
}

if [ "${2-}" = inside ]; then inside; else begin; fi
