/** One member of an initramfs archive. */
export interface CpioEntry {
  readonly path: string;
  /** File type and permissions as in st_mode: 0o040755 a folder, 0o100755 a program. */
  readonly mode: number;
  readonly data?: Uint8Array;
}

const encoder = new TextEncoder();

function record(inode: number, entry: CpioEntry): Uint8Array[] {
  const name = encoder.encode(`${entry.path}\0`);
  const data = entry.data ?? new Uint8Array();
  const links = 1;
  const fields = [inode, entry.mode, 0, 0, links, 0, data.length, 0, 0, 0, 0, name.length, 0];
  const header = encoder.encode(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  const padding = (length: number) => new Uint8Array(-length & 3);
  return [header, name, padding(header.length + name.length), data, padding(data.length)];
}

/**
 * An uncompressed `newc` archive, owned by root, times zero: what the kernel unpacks as its first root
 * (Documentation/driver-api/early-userspace/buffer-format.rst). Folders must stand before what is in them.
 */
export function cpio(entries: readonly CpioEntry[]): Uint8Array {
  const parts = [...entries, { path: 'TRAILER!!!', mode: 0 }].flatMap((entry, index) => record(index + 1, entry));
  const archive = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    archive.set(part, offset);
    offset += part.length;
  }
  return archive;
}
