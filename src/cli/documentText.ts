import { LIMITS } from '../model/document.ts';
import { TandemError } from '../model/error.ts';
import type { Io } from './io.ts';

/** A document's text for the controller, which judges it. @throws TandemError `io`, `bad-document` when it is too long. */
export function documentText(io: Io, file: string): string {
  const text = io.read(file);
  if (text.length <= LIMITS.text) return text;
  const remedy = `give at most ${LIMITS.text} characters`;
  throw new TandemError('bad-document', `${file} is too long`, {
    faults: [{ path: 'document', value: `${text.length} characters`, remedy }],
  });
}
