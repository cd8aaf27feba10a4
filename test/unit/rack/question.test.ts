import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Questions } from '../../../image/rack/question.ts';

test('an answer that came too late is never taken for the next one', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-question-'));
  const server = createServer().listen(join(dir, 'q'));
  await once(server, 'listening');
  const [questions, [relay]] = await Promise.all([
    Questions.connect(join(dir, 'q')),
    once(server, 'connection') as Promise<[Socket]>,
  ]);
  const asked = () => once(relay, 'data');
  try {
    let seen = asked();
    let answer = questions.ask({ do: 'status' }, 2000);
    await seen;
    relay.write('{"n":1,"id":1}\n');
    assert.deepEqual(await answer, { n: 1, id: 1 });

    assert.equal(await questions.ask({ do: 'status' }, 20), undefined);

    seen = asked();
    answer = questions.ask({ do: 'status' }, 2000);
    await seen;
    relay.write('{"n":"late","id":2}\n');
    relay.write('{"n":3,"id":3}\n');
    assert.deepEqual(await answer, { n: 3, id: 3 });

    relay.destroy();
    assert.equal(await questions.ask({ do: 'status' }, 20), undefined);
  } finally {
    questions.close();
    relay.destroy();
    server.close();
    await rm(dir, { recursive: true });
  }
});
