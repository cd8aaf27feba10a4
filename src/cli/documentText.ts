import { TandemError } from '../model/error.ts';
import type { Io } from './io.ts';

/** What a control socket takes (src/model/control.ts); the document's own limit is the same. */
const MAX_TEXT = 1_000_000;

/** A document's text for the controller, which judges it. @throws TandemError `io`, `bad-document` when it is too long. */
export function documentText(io: Io, file: string): string {
  const text = io.read(file);
  if (text.length <= MAX_TEXT) return text;
  const remedy = `give at most ${MAX_TEXT} characters`;
  throw new TandemError('bad-document', `${file} is too long`, {
    faults: [{ path: 'document', value: `${text.length} characters`, remedy }],
  });
}
