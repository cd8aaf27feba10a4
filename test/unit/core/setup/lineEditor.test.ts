import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Edited, emptyLine, MAX_LINE, type } from '../../../../src/core/setup/lineEditor.ts';

function typed(bytes: Iterable<number>, hidden = false) {
  let edited: Edited = { editor: emptyLine, typed: { key: 'none' }, echo: '' };
  let echo = '';
  const keys: Edited['typed'][] = [];
  for (const byte of bytes) {
    edited = type(edited.editor, byte, hidden);
    echo += edited.echo;
    if (edited.typed.key !== 'none') keys.push(edited.typed);
  }
  return { keys, echo, line: edited.editor.line.join('') };
}

const text = (string: string): Uint8Array => new TextEncoder().encode(string);
const line = (string: string) => ({ key: 'line', text: string, spoiled: 'no' });

test('CR, LF and CRLF each end one line', () => {
  assert.deepEqual(typed(text('one\rtwo\nthree\r\nfour\r\n')).keys, ['one', 'two', 'three', 'four'].map(line));
  assert.deepEqual(typed(text('\r\r\n\n')).keys, ['', '', ''].map(line));
});

test('backspace and DEL take one character, Ctrl-W a word, Ctrl-U the line', () => {
  assert.deepEqual(typed(text('ab\x08c\x7fd\r')).keys, [line('ad')]);
  assert.deepEqual(typed(text('grüß\x7f\x7fn\r')).keys, [line('grn')]);
  assert.deepEqual(typed(text('one two  \x17three\r')).keys, [line('one three')]);
  assert.deepEqual(typed(text('one\x15two\r')).keys, [line('two')]);
  assert.equal(typed(text('\x7f\x08\x17\x15')).echo, '');
});

test('the echo is what a dumb terminal needs, and nothing of a password', () => {
  assert.equal(typed(text('ab\x7f')).echo, 'ab\b \b');
  assert.equal(typed(text('secret\x7f\r'), true).echo, '\r\n');
});

test('escape sequences are swallowed, cut short ones as well', () => {
  assert.deepEqual(typed(text('a\x1b[Ab\x1b[1;5Dc\x1bOPd\x1bxe\r')).keys, [line('abcde')]);
  assert.deepEqual(typed(text('a\x1b[12\rb\r')).keys, [line('a'), line('b')]);
});

test('Ctrl-C leaves the line, Ctrl-D counts on an empty one only', () => {
  assert.deepEqual(typed(text('half\x03')).keys, [{ key: 'interrupt' }]);
  assert.deepEqual(typed(text('\x04')).keys, [{ key: 'end' }]);
  assert.deepEqual(typed(text('half\x04')).keys, []);
});

test('a line that is too long or no text is refused as a whole', () => {
  const long = typed(text(`${'x'.repeat(MAX_LINE + 1)}\r`));
  assert.equal(long.keys[0]?.key === 'line' && long.keys[0].spoiled, 'long');
  for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc3], [0xc2, 0x9b]]) {
    const { keys } = typed([0x61, ...bytes, 0x0d]);
    assert.equal(keys[0]?.key === 'line' && keys[0].spoiled, 'bytes', `bytes ${bytes}`);
  }
  assert.deepEqual(typed([0xff, 0x15, ...text('good\r')]).keys, [line('good')]);
});
