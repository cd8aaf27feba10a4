import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeAck, decodeDone } from '../../../../src/codec/netlink/ack.ts';
import {
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
  NLM_F_MULTI,
  NLMSG_DONE,
  NLMSG_ERROR,
} from '../../../../src/codec/netlink/constants.ts';
import type { NetlinkWriter } from '../../../../src/codec/netlink/writer.ts';
import { only, written } from '../arbitraries.ts';

/** The request as an acknowledgement repeats it: its header, and its payload unless capped. */
function repeated(writer: NetlinkWriter, payload: number): void {
  writer.u32(16 + payload);
  writer.u16(20);
  writer.u16(5);
  writer.u32(7);
  writer.u32(0);
}

const ack = (flags: number, errno: number, rest: (writer: NetlinkWriter) => void) =>
  decodeAck(
    only(
      written((writer) =>
        writer.message({ type: NLMSG_ERROR, flags, sequence: 7 }, () => {
          writer.u32(-errno >>> 0);
          rest(writer);
        }),
      ),
    ),
  );

test('success', () => {
  assert.deepEqual(
    ack(NLM_F_CAPPED, 0, (writer) => repeated(writer, 8)),
    {
      errno: 0,
      text: '',
      offset: undefined,
      missing: undefined,
    },
  );
});

test('a refusal with text and offset behind a capped request', () => {
  const refused = ack(NLM_F_CAPPED | NLM_F_ACK_TLVS, 22, (writer) => {
    repeated(writer, 40);
    writer.attributeString(1, 'Invalid prefix length');
    writer.attributeU32(2, 24);
    writer.attributeU32(5, 3);
  });
  assert.deepEqual(refused, { errno: 22, text: 'Invalid prefix length', offset: 24, missing: 3 });
});

test('a refusal that repeats the whole request', () => {
  const refused = ack(NLM_F_ACK_TLVS, 17, (writer) => {
    repeated(writer, 6);
    writer.raw(Uint8Array.of(1, 2, 3, 4, 5, 6, 0, 0));
    writer.attributeString(1, 'there');
  });
  assert.equal(refused.errno, 17);
  assert.equal(refused.text, 'there');
});

test('an acknowledgement without its request is malformed', () => {
  assert.throws(() => ack(0, 1, () => {}), { code: 'bad-frame' });
});

test('an acknowledgement that claims to repeat more than it has is malformed', () => {
  const huge = (writer: NetlinkWriter): void => {
    writer.u32(0xf000_0000);
    writer.raw(new Uint8Array(12));
  };
  assert.throws(() => ack(NLM_F_ACK_TLVS, 1, huge), { code: 'bad-frame', message: /4026531840/ });
});

test('the end of a dump carries its errno and text', () => {
  const done = (flags: number, body: (writer: NetlinkWriter) => void) =>
    decodeDone(only(written((writer) => writer.message({ type: NLMSG_DONE, flags, sequence: 1 }, () => body(writer)))));
  assert.equal(done(NLM_F_MULTI, (writer) => writer.u32(0)).errno, 0);
  assert.equal(done(NLM_F_MULTI, () => {}).errno, 0);
  const failed = done(NLM_F_MULTI | NLM_F_ACK_TLVS, (writer) => {
    writer.u32(-4 >>> 0);
    writer.attributeString(1, 'interrupted');
  });
  assert.deepEqual([failed.errno, failed.text], [4, 'interrupted']);
});
