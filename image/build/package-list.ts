import { type Fault, TandemError } from '../../src/model/error.ts';

/** Who the image is for: `appliance` is what a box runs; `rack` adds what the virtual rack and the tests need. */
export type Flavour = 'appliance' | 'rack';

const section = /^\[(appliance|rack)\]$/;
/** Debian policy 5.6.1. */
const packageName = /^[a-z0-9][a-z0-9+.-]+$/;

/**
 * The packages of one flavour, sorted, out of `packages.list`.
 * @throws TandemError `bad-document` with every wrong line.
 */
export function parsePackageList(text: string, flavour: Flavour): string[] {
  const seen = new Map<string, number>();
  const chosen: string[] = [];
  const faults: Fault[] = [];
  let current: string | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/#.*/, '').trim();
    if (line === '') continue;
    const fault = (remedy: string) => faults.push({ path: `line ${index + 1}`, value: line.slice(0, 80), remedy });
    const heading = section.exec(line);
    if (heading) current = heading[1];
    else if (!packageName.test(line)) fault('write one Debian package name a line');
    else if (current === undefined) fault('put it under [appliance] or [rack]');
    else if (seen.has(line)) fault(`remove it: it stands on line ${seen.get(line)} already`);
    else {
      seen.set(line, index + 1);
      if (current === 'appliance' || flavour === 'rack') chosen.push(line);
    }
  }
  const first = faults[0];
  if (first) throw new TandemError('bad-document', `packages.list, ${first.path}: ${first.value}`, { faults });
  return chosen.sort();
}
