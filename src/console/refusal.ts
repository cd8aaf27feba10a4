import type { ConsoleRefusal } from '../model/console.ts';
import { TandemError } from '../model/error.ts';

/** As a page is told. */
export const refusalOf = (error: TandemError): ConsoleRefusal => ({
  code: error.code,
  message: error.message,
  ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  ...(error.faults.length === 0 ? {} : { faults: [...error.faults] }),
  ...(error.forcible ? { forcible: true } : {}),
});

/** Details of a defect of ours stay in the journal. */
export function asTandemError(error: unknown): TandemError {
  if (error instanceof TandemError) return error;
  console.error(error);
  return new TandemError('internal', 'the request failed', { remedy: 'see `journalctl -u tandem-controller`' });
}
