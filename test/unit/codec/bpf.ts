/**
 * Classic BPF as far as the filters use it (linux/filter.h). `etherType` is what the frame's header said, `source` the MAC
 * in it. @returns bytes that pass; 0 = none.
 */
export function run(program: Uint8Array, packet: Uint8Array, etherType: number, source = new Uint8Array(6)): number {
  const code = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const data = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const header = new DataView(Uint8Array.of(0, 0, 0, 0, 0, 0, ...source, etherType >> 8, etherType & 0xff).buffer);
  const read = (value: number, size: 2 | 4): number | undefined => {
    const [view, at] = value >= 0xffe0_0000 ? [header, value - 0xffe0_0000] : [data, value];
    if (at + size > view.byteLength) return undefined;
    return size === 4 ? view.getUint32(at) : view.getUint16(at);
  };
  let accumulator = 0;
  for (let at = 0; at < program.length; at += 8) {
    const value = code.getUint32(at + 4, true);
    switch (code.getUint16(at, true)) {
      case 0x20:
      case 0x28: {
        const size = code.getUint16(at, true) === 0x20 ? 4 : 2;
        const loaded = value === 0xffff_f000 ? etherType : read(value, size);
        if (loaded === undefined) return 0;
        accumulator = loaded;
        break;
      }
      case 0x15:
        at += 8 * code.getUint8(at + (accumulator === value ? 2 : 3));
        break;
      case 0x06:
        return value;
      default:
        throw new Error(`instruction ${code.getUint16(at, true)} is not one of the filters`);
    }
  }
  throw new Error('the program ran off its end');
}
