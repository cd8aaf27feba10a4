import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figure } from '../../../../src/cli/print/figures.ts';
import { topLines } from '../../../../src/cli/print/top.ts';
import type { Terminal } from '../../../../src/cli/terminal.ts';
import { TandemError } from '../../../../src/model/error.ts';
import type { StatsResult, Top } from '../../../../src/model/stats.ts';
import { sockets, tandem } from '../fake.ts';
import { Vt100 } from './vt100.ts';

const rates = (scale: number): Top['total']['rates'] => ({
  connections: scale,
  packetsIn: 10 * scale,
  packetsOut: 9 * scale,
  bytesIn: 1_200 * scale,
  bytesOut: 45_000 * scale,
});

const server = (name: string, scale: number, state = 'up'): Top['servers'][number] => ({
  ...{ name, rates: rates(scale), active: 3 * scale, inactive: 1, weight: 1, state },
});

const TOP: Top = {
  at: Date.UTC(2026, 0, 1, 12, 0, 0),
  role: 'active',
  total: { name: '', rates: rates(70), active: 210, inactive: 2 },
  services: [{ name: 'web', rates: rates(70), active: 210, inactive: 2 }],
  servers: [server('web/s2', 50), server('web/s1', 20), server('web/s3\u001b[2J', 0, 'DOWN: timed out')],
  leftOut: 0,
};

test('figures are at most five characters and never say more than they know', () => {
  const printed = [0, 0.04, 7, 9.1, 12.34, 99.96, 480, 999, 999.6, 12_345, 4.5e6, 2e9, 7e15].map(figure);
  assert.deepEqual(printed, [
    ...['0', '0.0', '7', '9.1', '12.3', '100', '480', '999', '1.0k', '12.3k', '4.5M', '2.0G', '7.0P'],
  ]);
});

test('--once prints one table that fits 80 columns and has no control characters', async () => {
  const { run, asked } = await sockets({ controller: () => TOP });
  const { code, out } = await tandem(['top', '--once'], { run });
  assert.equal(code, 0);
  assert.deepEqual(asked, [{ do: 'top', limit: 1_000 }]);
  assert.equal(
    out,
    [
      'tandem top  active  2026-01-01 12:00:00Z  busiest first; q ends',
      'NAME                  conn/s pkt/s pkt/s   B/s   B/s   act inact',
      '                                in   out    in   out              weight state',
      'all services              70   700   630 84.0k  3.1M   210     2',
      'web                       70   700   630 84.0k  3.1M   210     2',
      '',
      ' web/s2                   50   500   450 60.0k  2.3M   150     1  1      up',
      ' web/s1                   20   200   180 24.0k  900k    60     1  1      up',
      ' web/s3 [2J                0     0     0     0     0     0     1  1      DOWN: timed out',
    ].join('\n'),
  );
});

test('--json is a line each interval', async () => {
  const { run, asked } = await sockets({ controller: () => TOP });
  const { code, out } = await tandem(['top', '--json', '--interval', '5'], { run, looks: 3 });
  assert.equal(code, 0);
  assert.equal(asked.length, 3);
  assert.deepEqual(
    out.split('\n').map((line) => JSON.parse(line)),
    [TOP, TOP, TOP],
  );
});

test('wrong words are refused, and a table that lives needs a terminal', async () => {
  const { run } = await sockets({ controller: () => TOP });
  for (const args of [['top', '--interval', '0'], ['top', 'web'], ['top']]) {
    assert.equal((await tandem(args, { run })).code, 2, args.join(' '));
  }
  assert.equal((await tandem(['top'])).code, 3, 'nobody answers');
});

/** A person at a serial terminal who leaves after `seconds`. */
function person(seconds: number, each: (second: number, terminal: Vt100) => void = () => {}) {
  const screen = new Vt100(24, 80);
  let second = 0;
  let closed = false;
  const terminal: Terminal = {
    ...{ rows: 24, columns: 80 },
    write: (text) => screen.write(text),
    rest: async () => {
      each(second, screen);
      second += 1;
      return second > seconds;
    },
    close: () => {
      closed = true;
    },
  };
  return { terminal, screen, closed: () => closed };
}

test('live: figures that all change cost at most 480 characters a second after the first picture, and all rows get their turn', async () => {
  let look = 0;
  const busy = (): Top => {
    look += 1;
    const servers = Array.from({ length: 15 }, (_, i) => server(`web/s${i}`, (1 + ((look * 7_919) % 997)) * (i + 1)));
    return { ...TOP, servers, leftOut: 5 };
  };
  const { run } = await sockets({ controller: busy });
  const written: number[] = [];
  const { terminal, screen, closed } = person(60, (_, vt) => written.push(vt.written));
  const drawn = new Set<number>();
  let before: string[] = [];
  const write = terminal.write;
  terminal.write = (text) => {
    write(text);
    screen.lines().forEach((line, row) => {
      if (written.length > 0 && line !== before[row]) drawn.add(row);
    });
    before = screen.lines();
  };
  const { code } = await tandem(['top', '--interval', '1'], { run, terminal });
  assert.equal(code, 0);
  assert.ok(written[0]! <= 24 * 80, `${written[0]} characters at first`);
  written.slice(1).forEach((sum, index) => {
    assert.ok(sum - written[index]! <= 480, `${sum - written[index]!} characters in second ${index + 1}`);
  });
  for (let row = 6; row < 21; row += 1) assert.ok(drawn.has(row), `row ${row} was never drawn again`);
  assert.equal(closed(), true);
  assert.equal(screen.cursor, true);
});

test('live: a still picture costs one, a router that does not answer is said and asked again', async () => {
  let silent = false;
  const answer = (): Top => {
    if (silent) throw new TandemError('internal', 'gone for now');
    return TOP;
  };
  const { run } = await sockets({ controller: answer });
  const written: number[] = [];
  const { terminal, screen } = person(30, (second, vt) => {
    written.push(vt.written);
    if (second === 10) silent = true;
    if (second === 15) assert.match(vt.lines()[0]!, /^no answer: gone for now/);
    if (second === 15) assert.match(vt.lines()[6]!, /web\/s2/, 'the last figures stay');
    if (second === 20) silent = false;
  });
  await tandem(['top'], { run, terminal });
  assert.equal(written[10], written[0]);
  assert.deepEqual(
    screen.lines().slice(0, 9),
    topLines(TOP).map((line) => line.slice(0, 79).trimEnd()),
  );
});

const PAST: StatsResult = {
  series: 'web',
  stretch: 60_000,
  points: [0, 1, 3].map((minute) => ({
    ...{ at: TOP.at + minute * 60_000, ms: 60_000, rates: rates(minute), active: 3, inactive: 0 },
  })),
};

test('stats asks for the past hour unless told, prints a line for each stretch and names a gap', async () => {
  const { run, asked } = await sockets({ controller: () => PAST });
  const { out } = await tandem(['stats', 'web'], { run });
  assert.equal(
    out,
    [
      'web: rates per second over 1 min each, and the most connections seen in it',
      '                       conn/s pkt/s in      out   B/s in      out   active    inact',
      '2026-01-01 12:00:00Z        0        0        0        0        0        3        0',
      '2026-01-01 12:01:00Z        1       10        9     1.2k    45.0k        3        0',
      '  (nobody looked)',
      '2026-01-01 12:03:00Z        3       30       27     3.6k     135k        3        0',
    ].join('\n'),
  );
  const json = await tandem(['stats', '--since', '15m', '--points', '60', '--json'], { run });
  assert.deepEqual(JSON.parse(json.out), PAST);
  assert.deepEqual(asked, [
    { do: 'stats', series: 'web', since: 3_600_000, points: 20 },
    { do: 'stats', series: '', since: 900_000, points: 60 },
  ]);
});

test('stats refuses a time that is none', async () => {
  for (const since of ['1', 'h', '0s', '400d', '1.5h', '-1h', '1h ']) {
    assert.equal((await tandem(['stats', `--since=${since}`])).code, 2, since);
  }
});
