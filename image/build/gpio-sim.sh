#!/bin/sh
# Runs once inside a throw-away Debian tree ($1) that has the kernel's headers and source: builds the two modules of the
# simulated GPIO chip, which Debian's kernel leaves out, and leaves them in $1/stage.
set -eu
root=$1
headers=$(basename "$root"/usr/src/linux-headers-*-amd64)
source=$(basename "$root"/usr/src/linux-source-*.tar.xz .tar.xz)
work=$root/work
mkdir -p "$work" "$root/stage"
chroot "$root" tar -xJf "/usr/src/$source.tar.xz" -C /work --strip-components=3 "$source/drivers/gpio/gpio-sim.c" \
  "$source/kernel/irq/irq_sim.c"
# Built into a kernel, irq_sim may use what the kernel does not export to modules, and needs no licence line.
sed -i 's/irq_to_desc(\([a-z>-]*\))/irq_data_to_desc(irq_get_irq_data(\1))/' "$work/irq_sim.c"
printf '\n#include <linux/module.h>\nMODULE_LICENSE("GPL");\n' >>"$work/irq_sim.c"
echo 'obj-m := irq_sim.o gpio-sim.o' >"$work/Makefile"
chroot "$root" make -s -C "/usr/src/$headers" M=/work modules
cp "$work/irq_sim.ko" "$work/gpio-sim.ko" "$root/stage/"
