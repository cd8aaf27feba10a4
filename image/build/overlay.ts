/** A member of an overlay: its path within the disk (no leading slash), and what to put there. `mode`: permissions. */
export type OverlayEntry =
  | { readonly kind: 'file'; readonly path: string; readonly from: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** Every folder above these paths, outermost first. */
export function foldersOf(paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const names = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= names.length; depth += 1) folders.add(names.slice(0, depth).join('/'));
  }
  return [...folders].filter((folder) => folder !== '').sort();
}

const quoted = (path: string) => `"${path}"`;

/** debugfs commands that may fail because the thing is not there yet, or is already. */
export function clearingCommands(entries: readonly OverlayEntry[]): string[] {
  const folders = foldersOf(entries.map((entry) => entry.path));
  return [
    ...folders.map((folder) => `mkdir ${quoted(`/${folder}`)}`),
    ...entries.map(({ path }) => `rm ${quoted(`/${path}`)}`),
  ];
}

/** debugfs commands that must all succeed: files owned by root with their permissions, and links. */
export function writingCommands(entries: readonly OverlayEntry[]): string[] {
  return entries.flatMap((entry) => {
    const path = quoted(`/${entry.path}`);
    if (entry.kind === 'link') return [`symlink ${path} ${quoted(entry.target)}`];
    const mode = `0100${entry.mode.toString(8).padStart(3, '0')}`;
    const owner = [`set_inode_field ${path} uid 0`, `set_inode_field ${path} gid 0`];
    return [`write ${quoted(entry.from)} ${path}`, `set_inode_field ${path} mode ${mode}`, ...owner];
  });
}
