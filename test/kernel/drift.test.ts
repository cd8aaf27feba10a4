import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ApplyResult, DriftHoldResult, DriftResult } from '../../src/model/control.ts';
import { driftWords } from '../../src/model/drift.ts';
import { ControllerBox, savedTable, until } from './controllerBox.ts';
import { enterNamespace, sh } from './netns.ts';
import { buildSegments, holdFloats } from './segments.ts';

/** ipvsadm, ip, sysctl and nft as the other tool, on a kernel that the controller holds. */

const PREFIX = 'drift';

const documentText = (weight = 1): string => `tandem: 1
name: rack
floats: { public: { address: 198.51.100.10/24 }, private: { address: 192.0.2.1/24 } }
nodes:
  a: { public: 198.51.100.2/24, private: 192.0.2.2/24 }
  b: { public: 198.51.100.3/24, private: 192.0.2.3/24 }
gateway: 198.51.100.1
services:
  - name: web
    protocol: tcp
    port: 80
    scheduler: rr
    check: { type: none }
    servers:
      - { name: s1, address: 192.0.2.11, port: 8080, weight: 1 }
      - { name: s2, address: 192.0.2.12, port: 8080, weight: ${weight} }
  - name: shop
    protocol: tcp
    ports: [8000, 8443]
    scheduler: wlc
    persistence_s: 300
    check: { type: none }
    servers:
      - { name: s1, address: 192.0.2.11 }
`;

const SERVICE = '-t 198.51.100.10:80';
const server = (last: number): string => `server tcp 198.51.100.10:80 > 192.0.2.${last}:8080`;
let box: ControllerBox;
let segments: { remove: () => void } | undefined;
let table = '';

const ledger = (): Promise<DriftResult> => box.ask({ do: 'drift', since: 3_600_000, limit: 1000 });
/** Of a row whose words hold `words`; undefined when there is none. */
const row = async (words: string) => (await ledger()).rows.find((one) => driftWords(one).includes(words));
const sysctl = (name: string): string => sh(`sysctl -n ${name}`).trim();

/** Lets another tool act, and waits until `right` holds again and the ledger has it: within 2 s. */
async function meddle(command: string, right: () => boolean, words: string): Promise<void> {
  sh(command);
  const took = await until(`the repair after ${command}`, 6000, right);
  assert.ok(took <= 2000, `${took.toFixed(0)} ms after ${command}`);
  const found = await row(words);
  assert.equal(found?.done, 'repaired', `${words} in\n${(await ledger()).rows.map(driftWords).join('\n')}`);
}

before(async () => {
  enterNamespace();
  segments = buildSegments(PREFIX);
  holdFloats();
  box = new ControllerBox();
  await box.start();
  const result = await box.apply<ApplyResult>(documentText());
  assert.deepEqual(result.refused, []);
  table = savedTable();
});

after(async () => {
  await box.remove();
  segments?.remove();
});

const whole = (): boolean => savedTable() === table;

test('our own work is no drift: a first document, a change of it, a drained server', async () => {
  await box.apply(documentText(5));
  await box.ask({ do: 'drain', server: 'web/s1', author: 'test' });
  await box.ask({ do: 'enable', server: 'web/s1', author: 'test' });
  await box.apply(documentText());
  assert.ok(whole());
  const { at } = (await box.ask<{ at: number }[]>({ do: 'events', limit: 1 }))[0]!;
  // A whole sweep has gone by.
  await until('time', 3000, () => Date.now() > at + 1500);
  assert.deepEqual((await ledger()).rows, []);
});

test('a service, a server, a weight and a scheduler of ipvsadm’s are put right within 2 s and in the ledger', async () => {
  await meddle(`ipvsadm -e ${SERVICE} -r 192.0.2.11:8080 -m -w 9`, whole, `${server(11)}: was -m -w 1, found -m -w 9`);
  await meddle(`ipvsadm -d ${SERVICE} -r 192.0.2.12:8080`, whole, `${server(12)}: was -m -w 1, found gone`);
  await meddle(`ipvsadm -a ${SERVICE} -r 192.0.2.99:8080 -m`, whole, `${server(99)}: was not there, found -m -w 1`);
  await meddle(`ipvsadm -E ${SERVICE} -s sed`, whole, 'service tcp 198.51.100.10:80: was -s rr, found -s sed');
  await meddle(`ipvsadm -D ${SERVICE}`, whole, 'service tcp 198.51.100.10:80: was -s rr, found gone');
  await meddle(
    'ipvsadm -A -t 198.51.100.10:99 -s rr',
    whole,
    'service tcp 198.51.100.10:99: was not there, found -s rr',
  );
  await meddle('ipvsadm -C', whole, 'service fwm ');
});

test('a sync daemon and the time limits are put right', async () => {
  const masters = (): boolean => sh('ipvsadm -l --daemon').includes('master sync daemon');
  await meddle('ipvsadm --stop-daemon master', masters, 'daemon master: was --mcast-interface eth1');
  const limits = (): boolean => /900 120 300/.test(sh('ipvsadm -l --timeout'));
  await meddle('ipvsadm --set 77 120 300', limits, 'timeouts: was 900 120 300, found 77 120 300');
});

test('a sysctl, an address, a route and the nftables table are put right', async () => {
  await meddle(
    'sysctl -qw net.ipv4.ip_forward=0',
    () => sysctl('net.ipv4.ip_forward') === '1',
    'sysctl net.ipv4.ip_forward: was 1, found 0',
  );
  const address = (): boolean => sh('ip -br addr show eth1').includes('192.0.2.2/24');
  await meddle('ip addr del 192.0.2.2/24 dev eth1', address, 'address 192.0.2.2/24 dev eth1: was set, found not set');
  const route = (): boolean => sh('ip route show default').includes('via 198.51.100.1 dev eth0');
  await meddle('ip route del default', route, 'route default: was via 198.51.100.1 dev eth0, found none');
  const marks = (): boolean => sh('nft list tables').includes('inet tandem');
  await meddle('nft delete table inet tandem', marks, 'mark table: was as written, found gone');
});

test('an address that is not ours is left alone and not told', async () => {
  sh('ip addr add 198.51.100.77/24 dev eth0');
  const { rows } = await ledger();
  await meddle(`ipvsadm -e ${SERVICE} -r 192.0.2.11:8080 -m -w 8`, whole, `${server(11)}: was -m -w 1, found -m -w 8`);
  assert.match(sh('ip -br addr show eth0'), /198\.51\.100\.77/);
  assert.ok(rows.every(({ subject }) => !subject.includes('198.51.100.77')));
});

test('a hold leaves it, outlives a kill of the controller, and its end repairs it', async () => {
  const held = await box.ask<DriftHoldResult>({ do: 'drift-hold', reason: 'debugging', by: 'test', for: 600_000 });
  assert.match(held.text, /left alone for 10 minutes/);
  sh(`ipvsadm -e ${SERVICE} -r 192.0.2.11:8080 -m -w 4`);
  await until('the ledger', 4000, async () => (await row('found -m -w 4'))?.done === 'held');
  const alarms = async () => (await box.status()).alarms.filter(({ code }) => code === 'drift-held');
  assert.match((await alarms())[0]!.text, /until .*: debugging; one difference is left alone/);

  await box.end('SIGKILL');
  await box.start();
  await until('the difference that is left', 4000, async () => (await ledger()).left.length === 1);
  assert.ok(!whole());
  assert.equal((await alarms()).length, 1);

  // What was not touched by hand still follows the document.
  await box.apply(documentText(6));
  assert.match(sh('ipvsadm -Sn'), /-r 192\.0\.2\.12:8080 -m -w 6/);
  assert.match(sh('ipvsadm -Sn'), /-r 192\.0\.2\.11:8080 -m -w 4/);
  await box.apply(documentText());

  const resumed = await box.ask<DriftHoldResult>({ do: 'drift-resume', by: 'test' });
  assert.equal(resumed.left.length, 1);
  assert.ok(whole());
  assert.deepEqual(await alarms(), []);
  assert.equal((await row('found -m -w 4'))?.done, 'repaired');
});
