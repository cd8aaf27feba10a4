#!/bin/sh
# Runs once inside the fresh Debian tree ($1) before it becomes a disk. Everything the build needs beside the disk is left
# in $1/stage.
set -eu
root=$1
kernel=$(ls "$root/usr/lib/modules")

# Unpacking xz under emulation takes longer than reading the file: what every boot loads lies unpacked.
initrd_modules='virtio_blk ext4 crc32c_generic'
unpacked='virtio_net virtio_rng ip_vs ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_wlc ip_vs_sh ip_vs_mh ip_vs_sed ip_vs_nq ip_vs_fo
  ip_vs_ovf nf_conntrack nf_nat dummy veth bridge'
for module in $initrd_modules $unpacked; do
  chroot "$root" modprobe --set-version="$kernel" --show-depends "$module"
done | sed -n 's/^insmod \([^ ]*\.xz\).*/\1/p' | sort -u | while read -r file; do chroot "$root" busybox unxz "$file"; done
chroot "$root" depmod "$kernel"

mkdir -p "$root/stage/modules"
for module in $initrd_modules; do
  chroot "$root" modprobe --set-version="$kernel" --show-depends "$module"
done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' | while read -r file; do
  cp "$root$file" "$root/stage/modules/"
  basename "$file" >>"$root/stage/modules/order"
done
cp "$root/usr/bin/busybox" "$root/stage/"
cp "$root/boot/vmlinuz-$kernel" "$root/stage/vmlinuz"
chroot "$root" dpkg-query -W -f '${Package} ${Version}\n' | LC_ALL=C sort >"$root/stage/packages.txt"

# A read-only root: what is mounted over, what systemd fills in, and no password that opens anything.
mkdir -p "$root/opt/tandem" "$root/etc/tandem" "$root/var/lib/tandem"
: >"$root/etc/machine-id"
rm -f "$root/etc/hostname" "$root/etc/resolv.conf"
chroot "$root" passwd -q -l root
rm -rf "$root"/boot/* "$root"/var/cache/* "$root"/var/lib/apt/lists/* "$root"/usr/share/doc "$root"/usr/share/initramfs-tools
