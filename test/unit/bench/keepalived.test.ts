import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boxFacts } from '../../../image/rack/bench/incumbent.ts';
import { fast, keepalivedConf, networkScript, serversIn, USUAL } from '../../../image/rack/bench/keepalived.ts';
import { DEVICES } from '../../../image/rack/figure.ts';
import { rackDocument } from '../../fakes/rackDocument.ts';

const document = rackDocument();
const conf = keepalivedConf(document, DEVICES, USUAL, 'a');

/** The text of the block that begins with this line, its braces included. */
function blockOf(text: string, head: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.trim() === `${head} {`);
  assert.notEqual(first, -1, `no block ${head}`);
  const indent = /^ */.exec(lines[first]!)![0];
  const last = lines.findIndex((line, number) => number > first && line === `${indent}}`);
  return lines.slice(first, last + 1).join('\n');
}

test('both floats are in one sync group, each in an instance with its label', () => {
  assert.equal(
    blockOf(conf, 'vrrp_sync_group floats').replace(/\s+/g, ' '),
    'vrrp_sync_group floats { group { public private } }',
  );
  const instances = { public: '198.51.100.10/24 dev eth0 label eth0:1', private: '192.0.2.1/24 dev eth1 label eth1:1' };
  for (const [side, address] of Object.entries(instances)) {
    const instance = blockOf(conf, `vrrp_instance ${side}`);
    assert.ok(instance.includes(`  ${address}\n`), instance);
    assert.match(instance, new RegExp(`^  interface ${DEVICES[side as 'public' | 'private']}$`, 'm'));
  }
  assert.notEqual(
    /virtual_router_id (\d+)/.exec(blockOf(conf, 'vrrp_instance public'))![1],
    /virtual_router_id (\d+)/.exec(blockOf(conf, 'vrrp_instance private'))![1],
  );
});

test('the connection sync goes over the private NIC and follows its instance', () => {
  assert.match(blockOf(conf, 'global_defs'), /^ {2}lvs_sync_daemon eth1 private$/m);
});

test('every service is a virtual server behind NAT, with the document’s servers, ports and checks', () => {
  const web = blockOf(conf, 'virtual_server 198.51.100.10 80');
  for (const line of ['delay_loop 1', 'lb_algo rr', 'lb_kind NAT', 'protocol TCP'])
    assert.ok(web.includes(`  ${line}\n`), line);
  assert.deepEqual(web.match(/real_server \S+ \d+/g), [
    'real_server 192.0.2.11 8080',
    'real_server 192.0.2.12 8080',
    'real_server 192.0.2.13 8080',
  ]);
  assert.equal(
    blockOf(web, 'TCP_CHECK').replace(/\s+/g, ' ').trim(),
    'TCP_CHECK { connect_port 8080 connect_timeout 1 retry 1 delay_before_retry 1 }',
  );
  const echo = blockOf(conf, 'virtual_server 198.51.100.10 7');
  assert.match(echo, /protocol UDP/);
  assert.match(echo, /real_server 192\.0\.2\.11 7 \{\n\s+weight 1\n\s+TCP_CHECK \{\n\s+connect_port 8080/);
  assert.equal(serversIn(document), 5);
});

test('what the document asks of a service is not lost: persistence, one packet, no check, forwarding', () => {
  const changed = rackDocument((text) =>
    text
      .replace(
        'scheduler: rr\n    check: { type: tcp, interval',
        'scheduler: wlc\n    persistence_s: 60\n    check: { type: tcp, interval',
      )
      .replace(
        'check: { type: tcp, port: 8080, interval_ms: 1000, timeout_ms: 500, rise: 2, fall: 2 }',
        'one_packet: true',
      )
      .replace('address: 192.0.2.13, port: 8080', 'address: 192.0.2.13, port: 80, weight: 3, forwarding: direct'),
  );
  const text = keepalivedConf(changed, DEVICES, USUAL, 'a');
  const web = blockOf(text, 'virtual_server 198.51.100.10 80');
  assert.match(web, /^ {2}lb_algo wlc$/m);
  assert.match(web, /^ {2}persistence_timeout 60$/m);
  assert.match(blockOf(web, 'real_server 192.0.2.13 80'), /weight 3\n\s+lb_kind DR\n/);
  const echo = blockOf(text, 'virtual_server 198.51.100.10 7');
  assert.match(echo, /^ {2}ops$/m);
  assert.ok(!echo.includes('TCP_CHECK'), echo);
});

test('as keepalived is by itself: no version, an advert a second, box a before box b, ordinary priority, no word on ARP', () => {
  const other = keepalivedConf(document, DEVICES, USUAL, 'b');
  for (const text of [conf, other]) {
    assert.match(text, /^ {2}advert_int 1$/m);
    assert.ok(!/version|garp|vrrp_rt_priority|nopreempt/.test(text), text);
  }
  const priority = (text: string) => Number(/priority (\d+)/.exec(text)![1]);
  assert.ok(priority(conf) > priority(other));
});

test('at its fastest: fractions of a second need version 3, and its process goes before others', () => {
  const text = keepalivedConf(document, DEVICES, fast(100), 'b');
  assert.equal(text.match(/^ {2}version 3$/gm)?.length, 2);
  assert.equal(text.match(/^ {2}advert_int 0\.1$/gm)?.length, 2);
  assert.equal(text.match(/^ {2}priority 100$/gm)?.length, 2);
  assert.match(blockOf(text, 'global_defs'), /vrrp_rt_priority 50\n {2}vrrp_no_swap/);
});

test('without a service it keeps nothing but the floats: no table, and nothing of it to hand on', () => {
  const text = keepalivedConf({ ...document, services: [] }, DEVICES, USUAL, 'a');
  assert.ok(!/virtual_server|lvs_sync_daemon/.test(text), text);
  assert.match(text, /vrrp_sync_group/);
});

test('the box’s own addresses, route and forwarding, without redirects', () => {
  assert.equal(
    networkScript(document, DEVICES, 'b'),
    `ip address replace 198.51.100.3/24 dev eth0
ip link set eth0 up
ip address replace 192.0.2.3/24 dev eth1
ip link set eth1 up
ip route replace default via 198.51.100.1
sysctl -q -w net.ipv4.ip_forward=1 ${['all', 'default', 'eth0', 'eth1'].map((name) => `net.ipv4.conf.${name}.send_redirects=0`).join(' ')}
`,
  );
});

test('a box’s floats and servers are counted, its own addresses and the table’s head are not', () => {
  const text = `2: eth0    inet 198.51.100.2/24 brd + scope global eth0\\ valid_lft forever
2: eth0    inet 198.51.100.10/24 scope global secondary eth0:1\\ valid_lft forever
3: eth1    inet 192.0.2.2/24 scope global eth1\\ valid_lft forever
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C633640A:0050 rr
  -> C000020D:1F90      Masq    1      0          0
  -> C000020C:1F90      Masq    1      0          0
`;
  assert.deepEqual(boxFacts(text), { floats: 1, servers: 2 });
});
