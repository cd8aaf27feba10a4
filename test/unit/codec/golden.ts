import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Attributes } from '../../../src/codec/netlink/attributes.ts';
import { type NetlinkMessage, splitMessages } from '../../../src/codec/netlink/message.ts';
import type { Golden, GoldenCommand } from '../../kernel/golden/fixture.ts';

/**
 * The fixtures that `npm run golden` recorded: what ip(8) and ipvsadm(8) and a real kernel said to each other.
 * @throws when a command is not among them.
 */
export function golden(tool: 'ip' | 'ipvsadm') {
  const file = join(import.meta.dirname, 'golden', `${tool}.json`);
  const recorded = JSON.parse(readFileSync(file, 'utf8')) as Golden;
  return {
    all: recorded.commands,
    command(text: string): GoldenCommand {
      const found = recorded.commands.find(({ command }) => command === text);
      if (found === undefined) throw new Error(`${tool}.json has no «${text}»: run npm run golden`);
      return found;
    },
  };
}

export const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

/** The last thing that a command asked of the kernel, which is what it was run for. */
export function lastRequest(command: GoldenCommand): Uint8Array {
  const request = command.datagrams.findLast(({ to }) => to === 'kernel');
  if (request === undefined) throw new Error(`${command.command} asked nothing`);
  return bytesOf(request.hex);
}

/** Every message that the kernel sent for a command. */
export const answers = (command: GoldenCommand): NetlinkMessage[] =>
  command.datagrams.filter(({ to }) => to === 'user').flatMap(({ hex }) => splitMessages(bytesOf(hex)));

/** Without what differs from run to run: the sequence and the port id, and the family id of a generic message. */
export function comparable(message: Uint8Array, dropType = false): string {
  const bytes = message.slice();
  bytes.fill(0, 8, 16);
  if (dropType) bytes.fill(0, 4, 6);
  return Buffer.from(bytes).toString('hex');
}

/** Attributes in their order, each as type and payload in hex. */
export function attributeList(bytes: Uint8Array): [number, string][] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  new Attributes(bytes);
  const list: [number, string][] = [];
  for (let at = 0; bytes.length - at >= 4; at += (view.getUint16(at, true) + 3) & ~3) {
    const payload = bytes.subarray(at + 4, at + view.getUint16(at, true));
    list.push([view.getUint16(at + 2, true) & 0x3fff, Buffer.from(payload).toString('hex')]);
  }
  return list;
}
