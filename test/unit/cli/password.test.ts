import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { ReadStream } from 'node:tty';
import { typedSecret } from '../../../src/cli/secret.ts';
import { TandemError } from '../../../src/model/error.ts';
import { sockets, tandem } from './fake.ts';

const PASSWORD = 'correct horse';

test('password is asked for twice and sent once', async () => {
  const { run, asked, close } = await sockets({ controller: () => ({ replaced: false }) });
  const { code, out } = await tandem(['password'], { run, typed: [PASSWORD, PASSWORD] });
  assert.equal(code, 0);
  assert.deepEqual(asked, [{ do: 'password', password: PASSWORD, author: 'cli:night' }]);
  assert.match(out, /the admin password of this router is set$/);
  assert.ok(!out.includes(PASSWORD));
  await close();
});

test('two that differ and one that is too short are not sent', async () => {
  const { run, asked, close } = await sockets({ controller: () => ({ replaced: false }) });
  const differ = await tandem(['password'], { run, typed: [PASSWORD, `${PASSWORD}!`] });
  assert.deepEqual([differ.code, /the two passwords differ/.test(differ.err)], [1, true]);
  const short = await tandem(['password'], { run, typed: ['short'] });
  assert.equal(short.code, 1);
  assert.match(short.err, /password: 5 characters, not shown — give 10 to 128 characters/);
  assert.deepEqual(asked, []);
  await close();
});

test('--stdin takes one line', async () => {
  const { run, asked, close } = await sockets({ controller: () => ({ replaced: true }) });
  const { code, out } = await tandem(['password', '--stdin'], { run, files: { '-': `${PASSWORD}\n` } });
  assert.equal(code, 0);
  assert.match(out, /changed; everybody is logged out/);
  assert.deepEqual(asked, [{ do: 'password', password: PASSWORD, author: 'cli:night' }]);
  assert.equal((await tandem(['password', '--stdin'], { run, files: { '-': `${PASSWORD}\nmore\n` } })).code, 1);
  await close();
});

/** A terminal as a stream, which knows whether it echoes. */
function terminal() {
  const stream = new PassThrough();
  const raw: boolean[] = [];
  const setRawMode = (on: boolean): void => void raw.push(on);
  return {
    raw,
    write: (text: string) => stream.write(text),
    input: Object.assign(stream, { isTTY: true, setRawMode }),
  };
}

test('what is typed is not shown, and can be corrected', async () => {
  const { raw, write, input } = terminal();
  let shown = '';
  const say = (text: string): void => {
    shown += text;
  };
  const first = typedSecret('once: ', input as unknown as ReadStream, say);
  write('junk\u0015correcx\u007ft ');
  write('hörse\rcorrect ');
  assert.equal(await first, 'correct hörse');
  const second = typedSecret('again: ', input as unknown as ReadStream, say);
  write('hörse\n');
  assert.equal(await second, 'correct hörse');
  assert.equal(shown, 'once: \nagain: \n');
  assert.deepEqual(raw, [true, false, true, false]);
});

test('Ctrl-C leaves the terminal as it was and changes nothing; without a terminal the way is named', async () => {
  const { raw, write, input } = terminal();
  const typed = typedSecret('once: ', input as unknown as ReadStream, () => {});
  write('corr\u0003');
  await assert.rejects(typed, (error) => error instanceof TandemError && error.code === 'refused');
  assert.deepEqual(raw, [true, false]);
  await assert.rejects(
    typedSecret('once: ', new PassThrough() as unknown as ReadStream, () => {}),
    (error) => error instanceof TandemError && /--stdin/.test(error.remedy ?? ''),
  );
});
