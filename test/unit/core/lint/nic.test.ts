import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NicLook, type NicWatch, negotiated, nicTroubles, watchNic } from '../../../../src/core/lint/nic.ts';
import type { NicFigures } from '../../../../src/model/nic.ts';
import { figures } from '../../../fakes/eyes.ts';

const nic = (own: Partial<NicFigures>, twin?: Partial<NicFigures>): NicLook => ({
  side: 'public',
  device: 'eth0',
  own: figures(own),
  ...(twin === undefined ? {} : { twin: figures(twin) }),
});

const said = (look: NicLook): string[] => negotiated([look]).map(({ code, text }) => `${code}: ${text}`);

test('half duplex is told with its speed, and not of a NIC without a carrier', () => {
  assert.deepEqual(said(nic({ duplex: 'half', speed: 100 })), [
    'nic-half-duplex: eth0 runs at half duplex at 100 Mbit/s',
  ]);
  assert.deepEqual(said(nic({ duplex: 'half', speed: null })), ['nic-half-duplex: eth0 runs at half duplex']);
  assert.deepEqual(said(nic({ duplex: 'half', carrier: false })), []);
});

test('a NIC that is slower than the twin’s is told, on the slower box alone, and nothing is made up of what is unknown', () => {
  assert.deepEqual(said(nic({ speed: 100 }, { speed: 2500 })), [
    'nic-slow: eth0 has 100 Mbit/s, the twin’s NIC of the public side 2.5 Gbit/s',
  ]);
  for (const other of [
    nic({ speed: 2500 }, { speed: 100 }),
    nic({ speed: 100 }),
    nic({ speed: null }, { speed: 1000 }),
  ]) {
    assert.deepEqual(said(other), []);
  }
  assert.deepEqual(said(nic({ speed: 100 }, { speed: 1000, carrier: false })), [], 'a twin without a cable');
});

/** Looks 10 s apart; what is told after each. */
function after(looks: readonly Partial<NicFigures>[]): string[][] {
  let watch: NicWatch | undefined;
  return looks.map((look, index) => {
    watch = watchNic(watch, figures(look), 10_000 * index);
    return nicTroubles(new Map([['eth1', watch]])).map(({ code, text }) => `${code}: ${text}`);
  });
}

test('a carrier that changes six times in a minute flaps, until it has stood for a minute', () => {
  const changes = [2, 4, 6, 8, 8, 8, 8, 8, 8, 8, 8];
  const told = after(changes.map((carrierChanges) => ({ carrierChanges })));
  assert.deepEqual(told[2], []);
  assert.deepEqual(told[3], ['nic-flaps: the carrier of eth1 changed 6 times in the last minute']);
  assert.equal(told[8]!.length, 1, 'one change within the last minute keeps it up');
  assert.deepEqual(told[9], []);
});

test('a carrier that changes now and then does not flap', () => {
  const told = after(Array.from({ length: 60 }, (_, index) => ({ carrierChanges: Math.floor(index / 2) })));
  assert.ok(told.every((lines) => lines.length === 0));
});

test('damaged and missed packets are told with their kinds and the packets of that time, until a minute passes without any', () => {
  const bad = { errors: 30, badChecksums: 20, missed: 5 };
  const told = after([
    {},
    { packets: 1_050_000, ...bad },
    ...Array.from({ length: 7 }, () => ({ packets: 1_050_000, ...bad })),
  ]);
  assert.deepEqual(told[1], [
    'nic-errors: eth1: of 50000 packets in the last minute 10 damaged or unsent, 20 with bad checksums, 5 missed',
  ]);
  assert.equal(told[6]!.length, 1);
  assert.deepEqual(told[7], []);
});

test('a handful of errors, and some among a flood of packets, wake nobody', () => {
  assert.deepEqual(after([{}, { errors: 9, packets: 1_000_010 }])[1], []);
  assert.deepEqual(after([{}, { errors: 90, packets: 2_000_000 }])[1], []);
});

test('a device that came anew begins anew', () => {
  const told = after([
    { carrierChanges: 90, errors: 900 },
    { carrierChanges: 2, errors: 0, packets: 10 },
  ]);
  assert.deepEqual(told[1], []);
});
