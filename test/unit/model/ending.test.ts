import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endingText, parseEndings } from '../../../src/model/ending.ts';

const one = (result: string, status: string) => parseEndings(`1796067395 pair ${result} killed ${status}\n`);

test('an ending is told with its time, its cause and the last words', () => {
  assert.equal(endingText(one('signal', 'SEGV')), 'the pair lane ended by itself at 19:36:35Z: killed by SIGSEGV');
  assert.equal(
    endingText(one('watchdog', 'KILL')),
    'the pair lane ended by itself at 19:36:35Z: its watchdog did not hear of it in time',
  );
  const [died] = parseEndings('1796067395 controller exit-code exited 1');
  assert.equal(
    endingText([{ ...died!, words: 'TypeError: x is not a function' }]),
    'the controller ended by itself at 19:36:35Z: exit code 1: TypeError: x is not a function',
  );
});

test('many endings are one sentence with their count, and the last of them', () => {
  const text = '1796067300 pair signal killed KILL\n1796067395 pair oom-kill killed KILL\n';
  assert.equal(
    endingText(parseEndings(text)),
    'the pair lane ended by itself 2 times, the last time at 19:36:35Z: killed for its memory',
  );
});

test('a result that is not known is told by its name', () => {
  assert.match(endingText(one('start-limit-hit', '0')), /: start-limit-hit$/);
});

test('what no unit writes is left out, and the rest is read', () => {
  for (const line of [
    '',
    'x',
    '1796067395 pair',
    '1796067395 web signal killed KILL',
    '-1 pair signal killed KILL',
    '1 pair a;b killed KILL',
  ])
    assert.equal(parseEndings(`${line}\n1796067395 pair signal killed KILL`).length, 1, line);
});
