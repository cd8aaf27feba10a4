/**
 * One line as it is typed on a serial terminal that knows nothing but backspace, bell and newline. Driven by single bytes;
 * whatever comes, it stays bounded and answers.
 */

/** Characters of a line. */
export const MAX_LINE = 256;

export interface Editor {
  /** Code points of the line so far. */
  readonly line: readonly string[];
  /** Bytes of a UTF-8 character that has begun (RFC 3629), and how many are missing. */
  readonly partial: readonly number[];
  readonly missing: number;
  /** Within an escape sequence (ECMA-48): after ESC, after `ESC [`, after a single shift. */
  readonly escape: 'no' | 'esc' | 'csi' | 'shift';
  /** Why this line cannot be taken; it is refused as a whole at its end, so that half of a pasted text is no answer. */
  readonly spoiled: 'no' | 'long' | 'bytes';
  readonly afterCr: boolean;
}

export const emptyLine: Editor = {
  line: [],
  partial: [],
  missing: 0,
  escape: 'no',
  spoiled: 'no',
  afterCr: false,
};

export type Typed =
  | { readonly key: 'none' }
  | { readonly key: 'line'; readonly text: string; readonly spoiled: Editor['spoiled'] }
  /** Ctrl-C. */
  | { readonly key: 'interrupt' }
  /** Ctrl-D on an empty line. */
  | { readonly key: 'end' };

export interface Edited {
  readonly editor: Editor;
  readonly typed: Typed;
  /** What the terminal is sent back. */
  readonly echo: string;
}

const BELL = '\u0007';
const ERASE = '\b \b';
const NEWLINE = '\r\n';
const NOTHING: Typed = { key: 'none' };
const TEXT = new TextDecoder('utf-8', { fatal: true });

const CTRL = { c: 3, d: 4, bs: 8, lf: 10, cr: 13, u: 21, w: 23, esc: 27, del: 127 } as const;

/** @param hidden nothing that is typed is shown, not even how long it is. */
export function type(before: Editor, byte: number, hidden: boolean): Edited {
  const editor = before.afterCr ? { ...before, afterCr: false } : before;
  if (before.afterCr && byte === CTRL.lf) return { editor, typed: NOTHING, echo: '' };
  if (editor.escape !== 'no') {
    if (byte >= 0x20) return { editor: { ...editor, escape: within(editor.escape, byte) }, typed: NOTHING, echo: '' };
    // A control character ends a sequence that was cut short, and counts for itself.
    return control({ ...editor, escape: 'no' }, byte, hidden);
  }
  if (byte < 0x20 || byte === CTRL.del) return control(editor, byte, hidden);
  return printable(editor, byte, hidden);
}

function within(sequence: Editor['escape'], byte: number): Editor['escape'] {
  if (sequence === 'esc') return byte === 0x5b ? 'csi' : byte === 0x4f || byte === 0x4e ? 'shift' : 'no';
  return sequence === 'csi' && byte < 0x40 ? 'csi' : 'no';
}

function control(editor: Editor, byte: number, hidden: boolean): Edited {
  const { line } = editor;
  const whole = broken(editor);
  switch (byte) {
    case CTRL.cr:
    case CTRL.lf: {
      const typed: Typed = { key: 'line', text: line.join(''), spoiled: whole.spoiled };
      return { editor: { ...emptyLine, afterCr: byte === CTRL.cr }, typed, echo: NEWLINE };
    }
    case CTRL.c:
      return { editor: emptyLine, typed: { key: 'interrupt' }, echo: `^C${NEWLINE}` };
    case CTRL.d:
      if (line.length > 0 || whole.spoiled !== 'no') return { editor: whole, typed: NOTHING, echo: BELL };
      return { editor: emptyLine, typed: { key: 'end' }, echo: NEWLINE };
    case CTRL.bs:
    case CTRL.del:
      return erase(whole, 1, hidden);
    case CTRL.u:
      return erase({ ...whole, spoiled: 'no' }, line.length, hidden);
    case CTRL.w:
      return erase(whole, lastWord(line), hidden);
    case CTRL.esc:
      return { editor: { ...whole, escape: 'esc' }, typed: NOTHING, echo: '' };
    default:
      return { editor: whole, typed: NOTHING, echo: BELL };
  }
}

/** A character that stays unfinished was no text. */
const broken = (editor: Editor): Editor =>
  editor.missing > 0 ? { ...editor, partial: [], missing: 0, spoiled: worse(editor.spoiled) } : editor;

const worse = (spoiled: Editor['spoiled']): Editor['spoiled'] => (spoiled === 'no' ? 'bytes' : spoiled);

function erase(editor: Editor, count: number, hidden: boolean): Edited {
  const gone = Math.min(count, editor.line.length);
  const line = editor.line.slice(0, editor.line.length - gone);
  return { editor: { ...editor, line }, typed: NOTHING, echo: hidden ? '' : ERASE.repeat(gone) };
}

function lastWord(line: readonly string[]): number {
  const text = line.join('');
  return [...text].length - [...text.replace(/\S*\s*$/, '')].length;
}

function printable(editor: Editor, byte: number, hidden: boolean): Edited {
  if (editor.missing > 0) {
    if ((byte & 0xc0) !== 0x80) return printable(broken(editor), byte, hidden);
    const partial = [...editor.partial, byte];
    if (editor.missing > 1)
      return { editor: { ...editor, partial, missing: editor.missing - 1 }, typed: NOTHING, echo: '' };
    const decoded = decode(partial);
    const rest: Editor = { ...editor, partial: [], missing: 0 };
    return decoded === undefined ? spoil(rest, 'bytes') : add(rest, decoded, hidden);
  }
  if (byte < 0x80) return add(editor, String.fromCharCode(byte), hidden);
  const missing =
    byte >= 0xc2 && byte < 0xe0 ? 1 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >= 0xf0 && byte < 0xf5 ? 3 : 0;
  if (missing === 0) return spoil(editor, 'bytes');
  return { editor: { ...editor, partial: [byte], missing }, typed: NOTHING, echo: '' };
}

/** undefined for what is no text, and for control characters of the upper range. */
function decode(bytes: readonly number[]): string | undefined {
  try {
    const text = TEXT.decode(Uint8Array.from(bytes));
    return /[\p{Cc}\p{Cf}]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

const spoil = (editor: Editor, spoiled: 'long' | 'bytes'): Edited => ({
  editor: { ...editor, spoiled: editor.spoiled === 'no' ? spoiled : editor.spoiled },
  typed: NOTHING,
  echo: editor.spoiled === 'no' ? BELL : '',
});

function add(editor: Editor, character: string, hidden: boolean): Edited {
  if (editor.spoiled !== 'no') return { editor, typed: NOTHING, echo: '' };
  if (editor.line.length >= MAX_LINE) return spoil(editor, 'long');
  return { editor: { ...editor, line: [...editor.line, character] }, typed: NOTHING, echo: hidden ? '' : character };
}
