import { existsSync } from 'node:fs';
import { cp, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { TandemError } from '../../src/model/error.ts';
import { repository } from './bundle.ts';
import { layerKey, listTree } from './key.ts';

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const kept = new Set(['', '.js', '.cjs', '.mjs', '.json', '.node']);
/** Folders of what a compiler leaves behind, and of tests. */
const dropped = /(^|\/)(obj\.target|\.deps|deps|test|example)(\/|$)/;
const otherPlatform = /(android|darwin|win32|freebsd|openbsd|musl|arm|ia32|riscv64|loong64)/;

/** Whether a file of a package (path within the package) is needed to run it on a linux-x64 box with glibc. */
export function neededAtRunTime(path: string): boolean {
  if (dropped.test(path) || path.includes('node_modules/')) return false;
  const extension = extname(path);
  if (!kept.has(extension)) return false;
  return extension !== '.node' || !otherPlatform.test(path);
}

/**
 * The packages that these need at run time, themselves included, with their versions. Optional ones count when installed:
 * that is how npm brings the compiled code of one platform only.
 * @throws TandemError `not-found` when one that is not optional is not installed.
 */
export async function closure(names: readonly string[], modules: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const visit = async (name: string, optional: boolean): Promise<void> => {
    if (found.has(name)) return;
    const file = join(modules, name, 'package.json');
    if (!existsSync(file)) {
      if (optional) return;
      throw new TandemError('not-found', `the package ${name} is not in node_modules`, { remedy: 'npm ci' });
    }
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
    found.set(name, manifest.version);
    for (const next of Object.keys(manifest.dependencies ?? {})) await visit(next, false);
    for (const next of Object.keys(manifest.optionalDependencies ?? {})) await visit(next, true);
  };
  for (const name of names) await visit(name, false);
  return found;
}

/** Copies the closure of `names` into `target` (a `node_modules` folder), run-time files only. */
export async function copyModules(names: readonly string[], target: string): Promise<void> {
  const modules = join(repository, 'node_modules');
  for (const name of (await closure(names, modules)).keys()) {
    const from = join(modules, name);
    // Folders pass: what is empty in the end costs nothing.
    const filter = async (path: string) => {
      const within = path.slice(from.length + 1);
      if (within === '') return true;
      // By what it is and not by its name: `yaml-1.1` is a folder.
      return (await stat(path)).isDirectory() ? !dropped.test(within) : neededAtRunTime(within);
    };
    await cp(from, join(target, name), { recursive: true, filter });
  }
}

/** `name@version` of the closure and a digest of its compiled code, which may differ for one version: what a layer's key needs to know of it. */
export async function closureVersions(names: readonly string[]): Promise<string> {
  const modules = join(repository, 'node_modules');
  const found = [...(await closure(names, modules))].sort(([one], [other]) => (one < other ? -1 : 1));
  const words = found.map(async ([name, version]) => {
    const compiled: Record<string, Uint8Array> = {};
    for (const path of await listTree(join(modules, name))) {
      if (extname(path) === '.node' && neededAtRunTime(path))
        compiled[path] = await readFile(join(modules, name, path));
    }
    return `${name}@${version}${Object.keys(compiled).length === 0 ? '' : `+${layerKey(compiled)}`}`;
  });
  return (await Promise.all(words)).join(' ');
}
