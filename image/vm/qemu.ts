import type { VmSpec } from './vm.ts';

/** How the guest's instructions are carried out: by the host's processor, or translated. */
export type Accelerator = 'kvm' | 'tcg';

/**
 * The kernel's command line that every box shares: read-only root on the first disk, ttyS0 as console, NICs named eth0,
 * eth1 in their order, no time spent on hardware that an emulated box lacks.
 */
export const commonAppend = [
  'root=/dev/vda',
  'ro',
  'console=ttyS0',
  'quiet',
  'net.ifnames=0',
  'panic=2',
  'mitigations=off',
  'audit=0',
  'random.trust_cpu=on',
  // A host that stands still for a moment makes the watchdog give up a TSC that is fine, for a clock that traps.
  'tsc=nowatchdog',
  'modprobe.blacklist=ahci,i2c_i801,lpc_ich,iTCO_wdt,serio_raw,i8042',
].join(' ');

/**
 * What a translated processor does dearly, and its guest does without when it is not there: five levels of page tables at
 * each miss, protection keys whose writes flush the TLB, an end of the translated block at each copy to or from a
 * process (SMAP), string instructions taken byte by byte, and wide registers to save at each switch.
 */
const DEAR = [
  ...['la57', 'pku', 'smap', 'smep', 'erms', 'fsrm'],
  ...['xsave', 'avx', 'avx2', 'f16c', 'fma', 'vaes', 'vpclmulqdq'],
];

function processor(accelerator: Accelerator, counted: boolean): string[] {
  if (accelerator === 'kvm' && !counted) return ['-accel', 'kvm', '-cpu', 'host'];
  const accel = counted
    ? ['-accel', 'tcg,thread=single', '-icount', 'shift=0,sleep=off']
    : ['-accel', 'tcg,thread=multi'];
  return [...accel, '-cpu', ['max', ...DEAR.map((feature) => `${feature}=off`)].join(',')];
}

/** Without a descriptor of its own for every queue: QEMU's loop goes through them all for each packet of a NIC. */
const KICKED = 'ioeventfd=off';

/** A comma ends an option's value in QEMU's syntax and is doubled to stand for itself. */
const value = (text: string) => text.replaceAll(',', ',,');

const listening = (id: string, path: string) => ['-chardev', `socket,id=${id},path=${value(path)},server=on,wait=off`];

function disk(spec: VmSpec['disks'][number], index: number): string[] {
  const mode = { snapshot: 'snapshot=on', write: 'discard=unmap', 'read-only': 'readonly=on' }[spec.mode];
  const drive = `if=none,id=disk${index},file=${value(spec.path)},format=${spec.format},cache=unsafe,${mode}`;
  return ['-drive', drive, '-device', `virtio-blk-pci,drive=disk${index},${KICKED}`];
}

function nic(spec: VmSpec['nics'][number]): string[] {
  return [
    '-netdev',
    `tap,id=${spec.id}-tap,ifname=${spec.tap},script=no,downscript=no`,
    '-device',
    `virtio-net-pci,id=${spec.id},netdev=${spec.id}-tap,mac=${spec.mac},romfile=`,
  ];
}

/**
 * The arguments of qemu-system-x86_64 for a box. Nothing is there that the spec does not name, but a source of entropy.
 * `hold` = QEMU may lock its memory, and ends when it cannot.
 */
export function qemuArgs(spec: VmSpec, accelerator: Accelerator, hold = false): string[] {
  const serials = spec.serials.flatMap((serial, index) => [
    ...listening(`ttyS${index}`, serial.socket),
    ...['-device', `isa-serial,chardev=ttyS${index},index=${index}`],
  ]);
  const agent =
    spec.agent === undefined
      ? []
      : [
          ...listening('agent', spec.agent),
          ...['-device', `virtio-serial-pci,${KICKED}`],
          ...['-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'],
          ...(spec.ports ?? []).flatMap((port, index) => [
            ...listening(`port${index}`, port.socket),
            ...['-device', `virtserialport,chardev=port${index},name=tandem.${index}`],
          ]),
        ];
  return [
    ...['-name', value(spec.name), '-machine', 'q35,usb=off,vmport=off'],
    ...processor(accelerator, spec.counted === true),
    ...['-smp', String(spec.cpus), '-m', `${spec.memoryMb}M`],
    ...(hold && spec.holdsMemory === true ? ['-overcommit', 'mem-lock=on'] : []),
    ...['-no-user-config', '-nodefaults', '-display', 'none'],
    ...['-kernel', spec.kernel, '-initrd', spec.initrd, '-append', `${commonAppend} ${spec.append}`.trim()],
    ...['-object', 'rng-random,id=entropy,filename=/dev/urandom', '-device', `virtio-rng-pci,rng=entropy,${KICKED}`],
    ...spec.disks.flatMap(disk),
    ...spec.nics.flatMap(nic),
    ...serials,
    ...agent,
    ...listening('qmp', spec.qmp),
    ...['-mon', 'chardev=qmp,mode=control'],
  ];
}
