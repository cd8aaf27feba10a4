import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rackText } from '../../../fakes/rackDocument.ts';
import { Box } from './bench.ts';

const web = { protocol: 'tcp', address: '198.51.100.10', port: 80 } as const;
const echo = { protocol: 'udp', address: '198.51.100.10', port: 7 } as const;

async function running() {
  const box = new Box();
  const { controller } = await box.start(rackText());
  box.clock.advance(3_000);
  /** So many packets ran to a server, and so many came back. */
  const run = (service: typeof web | typeof echo, last: number, sent: number, answered: number): void => {
    const port = service === web ? 8080 : 7;
    const entry = box.kernel.ipvs.destination(service, { address: `192.0.2.${last}`, port });
    const { counters } = entry;
    entry.counters = {
      ...counters,
      packetsIn: counters.packetsIn + sent,
      packetsOut: counters.packetsOut + answered,
    };
  };
  const missing = () => controller.alarms.list().filter(({ code }) => code === 'replies-missing');
  return { box, controller, run, missing };
}

test('a server that is sent packets and answers past this box is named with its remedy, until it answers through it', async () => {
  const { box, controller, run, missing } = await running();
  for (let second = 0; second < 25; second += 1) {
    run(web, 11, 5, 4);
    run(web, 12, 5, 0);
    run(echo, 12, 5, 0);
    box.clock.advance(1_000);
  }
  assert.deepEqual(missing(), [
    {
      code: 'replies-missing',
      subject: 'web/s2',
      text: 'server web/s2 (192.0.2.12:8080) is sent packets and none comes back through this box: its default route should be 192.0.2.1, and clients in its own network are answered past this box',
    },
  ]);
  run(web, 12, 5, 3);
  box.clock.advance(6_000);
  assert.deepEqual(missing(), []);
  controller.close();
});
