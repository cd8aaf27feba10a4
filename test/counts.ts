/** What node:test's closing lines (`ℹ pass 12`, `# fail 0`) add up to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const CLOSING = /^(?:ℹ|#) (pass|fail|cancelled|skipped|todo) (\d+)\s*$/;

export function createCounter(): { line(text: string): void; counts(): Counts } {
  const sums: Record<string, number> = {};
  return {
    line(text) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of the reporter are escape sequences
      const found = CLOSING.exec(text.replace(/\u001b\[[0-9;]*m/g, ''));
      if (found?.[1] !== undefined) sums[found[1]] = (sums[found[1]] ?? 0) + Number(found[2]);
    },
    counts: () => ({
      passed: sums.pass ?? 0,
      failed: (sums.fail ?? 0) + (sums.cancelled ?? 0),
      skipped: (sums.skipped ?? 0) + (sums.todo ?? 0),
    }),
  };
}
