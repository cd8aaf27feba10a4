import type { Reply } from '../../core/setup/index.ts';
import { TandemError } from '../../model/error.ts';

/** What went wrong, for the person at the console: as the command line prints it. */
export function failure(error: unknown): Reply {
  if (!(error instanceof TandemError)) {
    return { ok: false, lines: [`internal: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const faults = error.faults.map(({ path, value, remedy }) => `  ${path}: ${value} — ${remedy}`);
  const remedy = error.remedy === undefined ? [] : [`  remedy: ${error.remedy}`];
  return { ok: false, lines: [`${error.code}: ${error.message}`, ...faults, ...remedy] };
}
