import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { type Draft, draft } from '../model/example.ts';
import { tandem } from './fake.ts';

async function explained(name: string, change: (web: Draft) => void) {
  const document = draft();
  change(document.services[0]);
  return tandem(['explain', name, '--file', 'pair'], { files: { pair: stringify(document) } });
}

const lineOf = (out: string, ...words: string[]): string | undefined =>
  out.split('\n').find((line) => words.every((word) => line.includes(word)));

test('masqueraded servers have the private float as their default route, on each system', async () => {
  const { code, out } = await explained('web', () => {});
  assert.equal(code, 0);
  assert.match(out, /^web: tcp 198\.51\.100\.10:80, scheduler rr$/m);
  assert.match(out, /^masquerade: s1 192\.0\.2\.11 port 8080, s2 192\.0\.2\.12 port 8080, s3/m);
  assert.match(lineOf(out, 'Linux') ?? '', /ip route replace default via 192\.0\.2\.1$/);
  assert.match(lineOf(out, 'FreeBSD') ?? '', /route change default 192\.0\.2\.1; sysrc/);
  assert.match(lineOf(out, 'Windows') ?? '', /route -p change 0\.0\.0\.0 mask 0\.0\.0\.0 192\.0\.2\.1$/);
});

test('direct servers hold each VIP on loopback and keep silent about it', async () => {
  const { out } = await explained('web', (web) => {
    delete web.port;
    web.ports = [80, 443];
    web.servers = [{ name: 's1', address: '192.0.2.11', forwarding: 'direct' }];
  });
  assert.ok(lineOf(out, 'Linux', 'ip address add 198.51.100.10/32 dev lo'), out);
  assert.ok(lineOf(out, 'arp_ignore=1', 'arp_announce=2'), out);
  assert.ok(lineOf(out, 'FreeBSD', 'lo0 alias 198.51.100.10'), out);
  assert.ok(lineOf(out, 'Windows', 'weakhostreceive=enabled'), out);
  assert.equal(lineOf(out, 'default via'), undefined);
});

test('tunnelled servers get the device of their tunnel; each kind has its own block', async () => {
  const { out } = await explained('web', (web) => {
    web.servers = [
      { name: 's1', address: '192.0.2.11', forwarding: 'tunnel' },
      { name: 's2', address: '192.0.2.12', forwarding: 'tunnel', tun_type: 'gue', tun_port: 7000 },
      { name: 's3', address: '192.0.2.13', forwarding: 'tunnel', tun_type: 'gre' },
    ];
  });
  assert.ok(lineOf(out, 'ip address add 198.51.100.10/32 dev tunl0'), out);
  assert.ok(lineOf(out, 'ip fou add port 7000 gue'), out);
  assert.ok(lineOf(out, 'dev gre0'), out);
  assert.ok(lineOf(out, 'ifconfig gif1 create tunnel 192.0.2.11 192.0.2.3 up'), out);
  assert.ok(lineOf(out, 'Windows', 'takes no such tunnel'), out);
});

test('an unknown service is refused with the one that was meant', async () => {
  const { code, err } = await explained('wbe', () => {});
  assert.equal(code, 1);
  assert.match(err, /not-found: there is no virtual service "wbe"\n {2}remedy: did you mean "web"\?/);
});
