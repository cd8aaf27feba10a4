/** One emulated box: what the image build, the kernel floor and the rack share. */
export interface VmSpec {
  readonly name: string;
  readonly memoryMb: number;
  /**
   * All of the emulator's memory from its start, where the host allows it. A virtual host gives memory page by page and
   * takes ms for each when it is first touched, which a box that keeps time would have to wait for.
   */
  readonly holdsMemory?: boolean;
  readonly cpus: number;
  /**
   * Its clock counts instructions, one a ns, and never the host's time: what the guest takes for something is then the same
   * on a busy host as on an idle one. Always translated, one processor at a time; while all of them wait, the clock leaps.
   */
  readonly counted?: boolean;
  /** Added to the kernel's command line. */
  readonly append: string;
  /** Kernel and initrd of the image. */
  readonly kernel: string;
  readonly initrd: string;
  /** Attached in this order as vda, vdb, …; `snapshot` writes go to a temporary overlay. */
  readonly disks: readonly {
    readonly path: string;
    readonly format: 'raw' | 'qcow2';
    readonly mode: 'snapshot' | 'write' | 'read-only';
  }[];
  /** Tap devices that exist already, as eth0, eth1, …; `id` is the QMP name for set_link. */
  readonly nics: readonly { readonly id: string; readonly tap: string; readonly mac: string }[];
  /** Unix sockets on which the emulator listens: ttyS0, ttyS1. */
  readonly serials: readonly { readonly socket: string }[];
  /** Unix socket for QMP. */
  readonly qmp: string;
  /** Unix socket of the guest agent's virtio-serial port; undefined = none. */
  readonly agent: string | undefined;
  /** Unix sockets of further virtio-serial ports, /dev/vport*p2 and on in the guest; only beside an agent. */
  readonly ports?: readonly { readonly socket: string }[];
}
