/**
 * `npm run features` writes docs/features.md: what the data plane does, each line the name of a test against the real kernel.
 * test/unit/house/features.test.ts holds the page to it.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
export const PAGE = join(root, 'docs/features.md');

interface Feature {
  readonly name: string;
  readonly claim: string;
}

/** The tests of the source by their names, `FEATURE: what is true of it`; a name made of variables stands once for each value. */
export function featuresOf(source: string): Feature[] {
  const loop = /for \(const (\w+) of \[([^\]]+)\]\) \{/.exec(source);
  const values = loop?.[2]?.split(',').map((word) => word.trim().replaceAll("'", '')) ?? [];
  return [...source.matchAll(/^( *)test\(\s*['`]([^:'`]+): ([^'`]+)['`]/gm)].flatMap(([, , name = '', claim = '']) => {
    const variable = `\${${loop?.[1]}}`;
    const claims = claim.includes(variable) ? values.map((value) => claim.replaceAll(variable, value)) : [claim];
    return claims.map((one) => ({ name, claim: one }));
  });
}

/** The files whose tests are lines of the page. */
const sources = (): string[] => [
  'test/kernel/features.test.ts',
  ...globSync('test/kernel/features/*.test.ts', { cwd: root }).toSorted(),
];

export function page(): string {
  const features = sources().flatMap((path) => featuresOf(readFileSync(join(root, path), 'utf8')));
  // Tests of one feature in several files stand together, where its first one does.
  const names = [...new Set(features.map(({ name }) => name))];
  const sorted = names.flatMap((each) => features.filter(({ name }) => name === each));
  const rows = sorted.map(({ name, claim }) => `| ${name} | ${claim} |`);
  return [
    '# What the data plane does',
    '',
    'Each line is a test in `test/kernel/features.test.ts` or `test/kernel/features` against the kernel’s own IPVS, in a machine of',
    'its own: `npm run test:kernel`. Where a line says *by packets*, clients and real servers in network namespaces talk through the',
    'router; everywhere else the table is read back from the kernel and compared with what ipvsadm or nft says of it.',
    '`npm run features` writes this page.',
    '',
    '| feature | what is tested |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(PAGE, page());
