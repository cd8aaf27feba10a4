/** Classic BPF for packet sockets (linux/filter.h, bpf(4)): programs as the kernel takes them. */

/** struct sock_filter. */
export interface Instruction {
  readonly code: number;
  /** Instructions to skip when a comparison holds, and when not. */
  readonly yes: number;
  readonly no: number;
  readonly value: number;
}

export const LOAD_WORD = 0x20;
export const LOAD_HALF = 0x28;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;

/** SKF_AD_OFF + SKF_AD_PROTOCOL: the frame's EtherType, wherever the packet starts. */
export const PROTOCOL = 0xffff_f000;
/** SKF_LL_OFF: the link-layer header, which a SOCK_DGRAM socket does not see otherwise. */
export const LINK_HEADER = 0xffe0_0000;

export const INSTRUCTION_SIZE = 8;

/** A load past the packet's end ends the program with 0: stumps go no further. */
export const load = (code: typeof LOAD_WORD | typeof LOAD_HALF, value: number): Instruction => ({
  code,
  yes: 0,
  no: 0,
  value,
});
export const equal = (value: number, yes: number, no: number): Instruction => ({ code: JUMP_IF_EQUAL, yes, no, value });
/** Passes so many bytes of the packet; 0 = it stays in the kernel. */
export const give = (value: number): Instruction => ({ code: RETURN, yes: 0, no: 0, value });

export function assemble(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * INSTRUCTION_SIZE);
  const view = new DataView(bytes.buffer);
  for (const [index, { code, yes, no, value }] of program.entries()) {
    const at = index * INSTRUCTION_SIZE;
    view.setUint16(at, code, true);
    view.setUint8(at + 2, yes);
    view.setUint8(at + 3, no);
    view.setUint32(at + 4, value, true);
  }
  return bytes;
}
