/** One datagram as it crossed between a program and the kernel. */
export interface Exchanged {
  readonly to: 'kernel' | 'user';
  readonly hex: string;
}

export interface GoldenCommand {
  readonly command: string;
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly datagrams: readonly Exchanged[];
}

/** One file of test/unit/codec/golden: what a tool and the kernel said to each other. */
export interface Golden {
  readonly kernel: string;
  readonly tool: string;
  readonly commands: readonly GoldenCommand[];
}
