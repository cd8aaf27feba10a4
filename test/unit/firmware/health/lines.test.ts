import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, closedPort, tcpServer } from './ask.ts';

const smtp = { type: 'smtp', helo: 'router.example.org' } as const;
const agent = { type: 'agent' } as const;

/** A server that greets and answers each line by what `answer` makes of it. */
async function verdict(
  question: typeof smtp | { type: 'agent'; send?: string },
  greeting: string | Buffer,
  answer: (line: string) => string = () => '',
  end = false,
) {
  const heard: string[] = [];
  const server = await tcpServer((socket) => {
    socket.on('data', (data) => {
      heard.push(String(data));
      socket.write(answer(String(data)));
    });
    if (end) socket.end(greeting);
    else socket.write(greeting);
  });
  const said = await ask(question, server.port, 300);
  server.close();
  return { ...said, heard };
}

test('smtp: greeting and HELO, in several lines each', async () => {
  const said = await verdict(smtp, '220-mail\r\n220 ready\r\n', () => '250-mail\r\n250 hello\r\n');
  assert.equal(said.ok, true);
  assert.equal(said.reason, 'smtp: "250 hello"');
  assert.deepEqual(said.heard, ['HELO router.example.org\r\n']);
});

test('smtp: what is wrong is told', async () => {
  const reasons = [
    await verdict(smtp, '554 no\r\n'),
    await verdict(smtp, '220 ready\r\n', () => '421 busy\r\n'),
    await verdict(smtp, Buffer.from([0, 255, 10])),
    await verdict(smtp, '220-x\r\n'.repeat(1000)),
    await verdict(smtp, '', undefined, true),
    await verdict(smtp, ''),
  ];
  assert.deepEqual(
    reasons.map(({ ok, reason }) => `${ok} ${reason}`),
    [
      'false smtp: greeting: "554 no", expected 220',
      'false smtp: HELO: "421 busy", expected 250',
      'false smtp: greeting: "??", expected 220',
      'false smtp: answer longer than 4096 bytes',
      'false smtp: closed without a greeting',
      'false smtp: timed out',
    ],
  );
  assert.deepEqual(await ask(smtp, await closedPort()), { ok: false, reason: 'smtp: refused' });
});

test('agent: a share of the weight, with or without a line’s end', async () => {
  for (const [line, share] of [
    ['75%\n', 75],
    ['up 30%\n', 30],
    ['ready\n', 100],
    ['drain\n', 0],
    ['300%\n', 100],
  ] as const) {
    const { ok, share: got } = await verdict(agent, line);
    assert.deepEqual([ok, got], [true, share], line);
  }
  assert.equal((await verdict(agent, '40%', undefined, true)).share, 40);
  const sent = await verdict({ ...agent, send: 'load?' }, '', () => '5%\n');
  assert.deepEqual([sent.share, sent.heard], [5, ['load?\n']]);
});

test('agent: down is down, and what nobody understands is, too', async () => {
  const reasons = [
    await verdict(agent, 'down # too hot\n'),
    await verdict(agent, 'up 50% stopped\n'),
    await verdict(agent, 'lovely\n'),
    await verdict(agent, 'x'.repeat(5000)),
    await verdict(agent, '', undefined, true),
    await verdict(agent, ''),
  ];
  assert.deepEqual(
    reasons.map(({ ok, reason }) => `${ok} ${reason}`),
    [
      'false agent: the agent says down',
      'false agent: the agent says stopped',
      'false agent: "lovely" is no agent’s word',
      'false agent: answer longer than 4096 bytes',
      'false agent: "" is no agent’s word',
      'false agent: timed out',
    ],
  );
});
