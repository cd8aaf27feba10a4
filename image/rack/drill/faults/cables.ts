import { peerOf } from '../../../../src/model/pair.ts';
import type { Drill } from '../drill.ts';
import { inBoth, inBox, none } from './inBox.ts';

/** What happens between the boxes. */

/** A rule of the box's own routing that swallows the beats that it would send: UDP, the document's usual port (ip-rule(8)). */
const DEAF = 'ipproto 17 dport 7946 blackhole priority 10';
const KEY = '/etc/tandem/pair.key';

export const CABLES: readonly Drill[] = [
  {
    name: 'wan-down',
    fault: 'the public NIC of the active box loses its carrier',
    inject: (rack, active) => rack.box(active).nic('public', false),
    undo: (rack, active) => rack.box(active).nic('public', true),
    bar: {
      outage: 500,
      moves: true,
      causes: ['hand-over'],
      released: 'nic-down',
      lost: none,
      why: 'the owner sees its own carrier go and hands over both floats on its own word; no deadline is waited for',
    },
  },
  {
    name: 'lan-down',
    fault: 'the private NIC of the active box loses its carrier',
    inject: (rack, active) => rack.box(active).nic('private', false),
    undo: (rack, active) => rack.box(active).nic('private', true),
    bar: {
      outage: 500,
      moves: true,
      causes: ['hand-over'],
      released: 'nic-down',
      lost: none,
      why: 'as wan-down, with the serial line and the public NIC left to agree on it',
    },
  },
  {
    name: 'serial-pulled',
    fault: 'the null-modem cable is pulled; the NICs still carry heartbeats',
    inject: (rack) => rack.cable.pull(),
    undo: (rack) => rack.cable.plug(),
    bar: {
      outage: 100,
      moves: false,
      alarm: { code: 'link-silent', subject: 'serial' },
      lost: none,
      why: 'no packet of a client uses the cable; what is left is the noise of two emulated machines',
    },
  },
  {
    name: 'heartbeat-pulled',
    fault:
      'the cable between the heartbeat NICs is pulled; the null-modem cable and the data NICs still carry heartbeats',
    inject: (rack, active) => rack.box(active).nic('heartbeat', false),
    undo: (rack, active) => rack.box(active).nic('heartbeat', true),
    bar: {
      outage: 100,
      moves: false,
      alarm: { code: 'link-silent', subject: 'heartbeat' },
      lost: none,
      why: 'as serial-pulled',
    },
  },
  {
    name: 'serial-one-way',
    fault: 'what the active box sends on the null-modem cable is lost; the other way works',
    inject: (rack, active) => rack.cable.pull(active),
    undo: (rack) => rack.cable.plug(),
    bar: {
      outage: 100,
      moves: false,
      alarm: { code: 'link-silent', subject: 'serial' },
      lost: none,
      why: 'as serial-pulled; each box learns from the other’s beats which of its own arrive',
    },
  },
  {
    name: 'serial-noise',
    fault: 'one byte of a hundred on the null-modem cable is damaged',
    inject: (rack) => rack.cable.noise(0.01),
    undo: (rack) => rack.cable.plug(),
    bar: {
      outage: 100,
      moves: false,
      lost: none,
      why: 'a damaged beat is refused; the next one, and the NICs, carry its news',
    },
  },
  {
    name: 'links-cut',
    fault: 'every path of heartbeats is cut at once; clients still reach both boxes',
    inject: async (rack) => {
      await Promise.all([rack.cable.pull(), inBoth(rack, `ip rule add ${DEAF}`)]);
    },
    undo: async (rack) => {
      await Promise.all([rack.cable.plug(), inBoth(rack, `ip rule del ${DEAF}`)]);
    },
    bar: {
      outage: 100,
      moves: false,
      alarm: { code: 'peer-silent-floats-answer', subject: '' },
      lost: none,
      why: 'the floats still answer the standby’s probes, so somebody owns them',
    },
  },
  {
    name: 'foreign-key',
    fault: 'the standby starts with another pair’s key, and gets its own back',
    inject: (rack, active) =>
      inBox(
        rack,
        peerOf(active),
        `cp -p ${KEY} ${KEY}.own && od -An -v -tx1 -N32 /dev/urandom | tr -d ' \\n' >${KEY} && systemctl restart tandem-pair`,
      ),
    undo: (rack, active) => inBox(rack, peerOf(active), `mv ${KEY}.own ${KEY} && systemctl restart tandem-pair`),
    bar: {
      outage: 100,
      moves: false,
      alarm: { code: 'peer-silent', subject: '' },
      lost: none,
      why: 'what is not authentic proves nothing, and the floats go on answering',
    },
  },
];
