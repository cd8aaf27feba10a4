#!/bin/sh
# PID 1 of a test machine: no systemd, one command. The command is the text on the third disk; what it prints goes out on
# ttyS1, its errors and the kernel's on ttyS0, and the line with its exit code is the last thing said on ttyS1.
mount -t proc -o nosuid,nodev,noexec proc /proc
mount -t sysfs -o nosuid,nodev,noexec sys /sys
mount -t tmpfs -o mode=0755 run /run
mkdir -p /dev/pts /dev/shm /run/netns
mount -t devpts -o gid=5,mode=620,ptmxmode=000 pts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t cgroup2 cgroup /sys/fs/cgroup
export PATH=/opt/tandem/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8
grep -v '^#' /etc/modules-load.d/tandem.conf | xargs modprobe -a
ip link set lo up
stty -F /dev/ttyS1 raw -echo
cd /opt/tandem || exit 1
tr -d '\0' </dev/vdc >/tmp/command
if [ -f /opt/tandem/stripped.mjs ]; then export NODE_OPTIONS=--import=/opt/tandem/stripped.mjs; fi
setsid sh /tmp/command </dev/null >/dev/ttyS1 2>/dev/ttyS0
printf '\ntandem-exit %d\n' $? >/dev/ttyS1
stty -F /dev/ttyS1 raw -echo
busybox poweroff -f
