import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitMessages } from '../../../../src/codec/netlink/message.ts';
import { NetlinkWriter } from '../../../../src/codec/netlink/writer.ts';
import { decodeCounter, writeRuleDump } from '../../../../src/codec/nft/drops.ts';

const big = (value: number): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
};

/** A rule of these expressions, as the kernel sends it (nf_tables_api.c, nf_tables_fill_rule_info). */
function rule(...expressions: readonly (readonly [name: string, fields: Readonly<Record<number, Uint8Array>>])[]) {
  const writer = new NetlinkWriter();
  writer.message({ type: (10 << 8) | 6, flags: 0, sequence: 1 }, () => {
    writer.raw(new Uint8Array([1, 0, 0, 0]));
    writer.attributeString(1, 'tandem-firewall');
    writer.nest(4, () => {
      for (const [name, fields] of expressions) {
        writer.nest(1, () => {
          writer.attributeString(1, name);
          writer.nest(2, () => {
            for (const [type, bytes] of Object.entries(fields)) writer.attributeBytes(Number(type), bytes);
          });
        });
      }
    });
  });
  return splitMessages(writer.bytes())[0]!;
}

test('a rule’s counter is read, wherever it stands among the rule’s expressions; a rule without one has none', () => {
  const counter = ['counter', { 1: big(5_000_000_000), 2: big(77) }] as const;
  const verdict = ['immediate', { 1: new Uint8Array(4) }] as const;
  assert.deepEqual(decodeCounter(rule(counter, verdict)), { packets: 77, bytes: 5_000_000_000 });
  assert.deepEqual(decodeCounter(rule(verdict, counter)), { packets: 77, bytes: 5_000_000_000 });
  assert.equal(decodeCounter(rule(verdict)), undefined);
  assert.equal(decodeCounter(rule()), undefined);
});

test('the question names family, table and chain', () => {
  const writer = new NetlinkWriter();
  writeRuleDump(writer, 9, 'tandem-firewall', 'input');
  const [message] = splitMessages(writer.bytes());
  assert.equal(message?.type, (10 << 8) | 7);
  assert.equal(message?.payload[0], 1);
  const text = Buffer.from(message!.payload).toString('latin1');
  assert.ok(text.includes('tandem-firewall\0') && text.includes('input\0'));
});
