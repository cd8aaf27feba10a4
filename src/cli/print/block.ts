/** Lines under a heading of nine columns. */
export function block(heading: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? heading : '').padEnd(10)}${line}`);
}
