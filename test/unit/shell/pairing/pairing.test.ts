import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../../firmware/clock.ts';
import { newCode, newRun, newRunKey } from '../../../../firmware/pairing/secrets.ts';
import { isPairingFrame } from '../../../../src/codec/pairingFrame.ts';
import type { Taken } from '../../../../src/core/setup/index.ts';
import type { Answer, LaneRequest } from '../../../../src/model/control.ts';
import type { PairingLine } from '../../../../src/ports/pairing.ts';
import { laneLine } from '../../../../src/shell/pairing/laneLine.ts';
import { createPairing } from '../../../../src/shell/pairing/pairing.ts';
import { EXAMPLE } from '../../model/example.ts';

const GIFT: Taken = { twin: 'a', document: EXAMPLE, key: 'ab'.repeat(32), password: '$argon2id$v=19$…' };

/** A lane whose serial line ends at the second box; what goes over it is kept. */
function cable() {
  const wire: Uint8Array[] = [];
  let forFirst: Uint8Array[] = [];
  let second: (frame: Uint8Array) => void = () => {};
  const answer = async (request: LaneRequest): Promise<Answer> => {
    assert.ok(request.do === 'pairing');
    for (const text of request.frames) {
      const frame = Uint8Array.from(Buffer.from(text, 'base64'));
      wire.push(frame);
      second(frame);
    }
    const frames = forFirst.map((frame) => Buffer.from(frame).toString('base64'));
    forFirst = [];
    return { ok: true, result: { frames } };
  };
  const lane = (): PairingLine => laneLine(systemClock, answer);
  const own: PairingLine = {
    send: (frames) => {
      wire.push(...frames);
      forFirst.push(...frames);
    },
    onFrame: (receive) => {
      second = receive;
    },
    close: () => {},
  };
  return { wire, lane, own };
}

function boxes(gift = GIFT) {
  const { wire, lane, own } = cable();
  const pairing = createPairing({
    clock: systemClock,
    newCode,
    newRun,
    newRunKey,
    laneLine: lane,
    ownLine: () => own,
    gift: async () => gift,
  });
  return { wire, pairing };
}

const never = new AbortController().signal;
const codeIn = (lines: readonly string[]): string => /code: (\S+)/.exec(lines.join('\n'))?.[1]?.replace('-', '') ?? '';

test('with the code that was shown, the second box has what the first one gave', async () => {
  const { wire, pairing } = boxes();
  const shown: string[] = [];
  const given = pairing.offer(GIFT, (lines) => shown.push(...lines), never);
  const taken = await pairing.take({ code: codeIn(shown), line: '/dev/ttyS1', baud: 115_200 }, never);
  assert.deepEqual(taken.taken, GIFT);
  assert.equal((await given).ok, true);
  assert.ok(wire.length > 10 && wire.every(isPairingFrame));
  const seen = Buffer.concat(wire).toString('latin1');
  for (const secret of ['198.51.100', GIFT.key, codeIn(shown)])
    assert.ok(!seen.includes(secret), `${secret} is on the line`);
});

test('an offer and an attempt that are stopped end at once', async () => {
  const { pairing } = boxes();
  const stop = new AbortController();
  const given = pairing.offer(GIFT, () => {}, stop.signal);
  const taken = pairing.take({ code: 'k7pw3xnd', line: '/dev/ttyS1', baud: 115_200 }, stop.signal);
  stop.abort();
  assert.deepEqual([(await given).ok, (await taken).ok], [false, false]);
});

test('what cannot go over the serial line is not offered', async () => {
  const { pairing } = boxes();
  const alone = { ...GIFT, document: EXAMPLE.replace('[serial, private, public]', '[private, public]') };
  assert.match((await pairing.offer(alone, () => {}, never)).lines.join(' '), /no serial link/);
  const great = { ...GIFT, document: `${EXAMPLE}#${'x'.repeat(200_000)}\n` };
  assert.match((await pairing.offer(great, () => {}, never)).lines.join(' '), /more than 200000 characters/);
});

test('codes have no signs that look like others, and differ', () => {
  const codes = Array.from({ length: 200 }, newCode);
  assert.ok(codes.every((code) => /^[2-9a-hjkmnp-z]{8}$/.test(code)));
  assert.equal(new Set(codes).size, codes.length);
});
