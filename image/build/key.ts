import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * The key of a layer: a digest over named inputs in a fixed order. Names and lengths are part of it, so that moving a byte
 * from one input to its neighbour changes the key. 16 hex digits.
 */
export function layerKey(inputs: Readonly<Record<string, string | Uint8Array>>): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(inputs).sort()) {
    const value = inputs[name]!;
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    hash.update(`${name.length}:${name}=${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Every file and link under `dir` in sorted order, as paths relative to it. */
export async function listTree(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .sort();
}

/** Digest of a folder's contents: paths, link targets, execute bits and bytes. */
export async function treeDigest(dir: string): Promise<string> {
  const inputs: Record<string, string | Uint8Array> = {};
  for (const path of await listTree(dir)) {
    const full = join(dir, path);
    const stat = await lstat(full);
    if (stat.isSymbolicLink()) inputs[`link ${path}`] = await readlink(full);
    else inputs[`${stat.mode & 0o100 ? 'run' : 'file'} ${path}`] = await readFile(full);
  }
  return layerKey(inputs);
}
