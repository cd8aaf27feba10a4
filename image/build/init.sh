#!/bin/busybox sh
# The whole initrd: load the disk's drivers, mount, hand over. Mounting here instead of in fstab spares systemd the wait
# for udev's device units, which is most of a boot under emulation.
#   root=DEV [rootflags=…]        the root disk, always read-only
#   tandem.service=DEV            the service disk, read-only at /opt/tandem
#   tandem.data=DEV               this box's own disk: /var/lib/tandem, and its folder etc at /etc/tandem
#   tandem.init=PATH              what to start in place of systemd
export PATH=/bin
busybox mount -t devtmpfs dev /dev
busybox mount -t proc proc /proc
for module in $(busybox cat /modules/order); do busybox insmod "/modules/$module"; done

init=/sbin/init service='' data=''
for word in $(busybox cat /proc/cmdline); do
  case $word in
    root=*) root=${word#*=} ;;
    tandem.service=*) service=${word#*=} ;;
    tandem.data=*) data=${word#*=} ;;
    tandem.init=*) init=${word#*=} ;;
  esac
done

# Disks appear a few milliseconds after their driver; ten seconds without one is a fault to show, not to wait out.
await() {
  tries=0
  while ! [ -b "$1" ]; do
    tries=$((tries + 1))
    if [ $tries -gt 500 ]; then echo "initrd: the disk $1 does not appear"; busybox poweroff -f; fi
    busybox usleep 20000
  done
}
attach() { # DEVICE PLACE OPTIONS
  await "$1"
  if ! busybox mount -t ext4 -o "$3" "$1" "$2"; then echo "initrd: cannot mount $1 on $2"; busybox poweroff -f; fi
}

attach "$root" /root ro
[ -z "$service" ] || attach "$service" /root/opt/tandem ro,noatime,nodev
busybox mount -t tmpfs -o mode=0755,size=16m,nodev,nosuid var /root/var/lib/tandem
if [ -n "$data" ]; then
  busybox umount /root/var/lib/tandem
  attach "$data" /root/var/lib/tandem rw,noatime,nodev,nosuid
  # A factory reset: the mark goes last, so that one that was cut short is done again.
  if [ -e /root/var/lib/tandem/factory-reset ]; then
    for entry in /root/var/lib/tandem/* /root/var/lib/tandem/.[!.]*; do
      case ${entry##*/} in factory-reset | lost+found) ;; *) busybox rm -rf "$entry" ;; esac
    done
    busybox sync
    busybox rm /root/var/lib/tandem/factory-reset
  fi
fi
busybox mkdir -p /root/var/lib/tandem/etc
busybox mount --bind /root/var/lib/tandem/etc /root/etc/tandem
busybox mount -t tmpfs -o mode=1777,nosuid,nodev,size=25% tmp /root/tmp
busybox mount -o move /dev /root/dev
busybox umount /proc
exec busybox switch_root /root "$init"
