import assert from 'node:assert/strict';
import type { Destination, IpvsStep, Service, ServiceKey } from '../../src/model/ipvs.ts';
import type { IpvsTable } from '../../src/ports/ipvs.ts';

/** What a table must do, whoever implements it. Each case starts on an empty table and may leave anything. */
export interface TableCase {
  readonly name: string;
  readonly run: (table: IpvsTable) => void;
}

export const service: Service = {
  protocol: 'tcp',
  address: '198.51.100.10',
  port: 80,
  scheduler: 'rr',
  schedulerFlags: [],
  persistence: 0,
  onePacket: false,
};
const key: ServiceKey = { protocol: 'tcp', address: '198.51.100.10', port: 80 };
const destination = (last: number, weight = 1): Destination => ({
  address: `192.0.2.${last}`,
  port: 8080,
  forwarding: 'masquerade',
  weight,
  upper: 0,
  lower: 0,
});

const add = (last: number, weight?: number): IpvsStep => ({
  op: 'add-destination',
  service: key,
  destination: destination(last, weight),
});

const refusals = (table: IpvsTable, ...steps: IpvsStep[]): string[] =>
  table.apply(steps).map((failure) => failure.errno);

/** Empties a table, daemons too. */
export function clear(table: IpvsTable): void {
  const state = table.read();
  const steps: IpvsStep[] = [
    ...state.services.map((entry): IpvsStep => ({ op: 'delete-service', service: entry })),
    ...state.daemons.map((daemon): IpvsStep => ({ op: 'stop-daemon', daemon })),
  ];
  assert.deepEqual(table.apply(steps), []);
}

export const tableCases: readonly TableCase[] = [
  {
    name: 'what was added is read back',
    run(table) {
      assert.deepEqual(refusals(table, { op: 'add-service', service }, add(11), add(12, 5)), []);
      const [found] = table.read().services;
      const { destinations, counters: _, ...plain } = found!;
      assert.deepEqual(plain, service);
      const weights = destinations.map((entry) => [entry.address, entry.port, entry.forwarding, entry.weight]).sort();
      assert.deepEqual(weights, [
        ['192.0.2.11', 8080, 'masquerade', 1],
        ['192.0.2.12', 8080, 'masquerade', 5],
      ]);
    },
  },
  {
    name: 'an edited destination changes alone',
    run(table) {
      table.apply([{ op: 'add-service', service }, add(11), add(12)]);
      assert.deepEqual(refusals(table, { op: 'edit-destination', service: key, destination: destination(11, 0) }), []);
      const weights = new Map(table.read().services[0]!.destinations.map((entry) => [entry.address, entry.weight]));
      assert.deepEqual([weights.get('192.0.2.11'), weights.get('192.0.2.12')], [0, 1]);
    },
  },
  {
    name: 'an edited service keeps its destinations',
    run(table) {
      table.apply([{ op: 'add-service', service }, add(11)]);
      const edited = { ...service, scheduler: 'wlc', persistence: 60 };
      assert.deepEqual(refusals(table, { op: 'edit-service', service: edited }), []);
      const [found] = table.read().services;
      assert.deepEqual([found!.scheduler, found!.persistence, found!.destinations.length], ['wlc', 60, 1]);
    },
  },
  {
    name: 'a service goes with its destinations',
    run(table) {
      table.apply([{ op: 'add-service', service }, add(11)]);
      assert.deepEqual(refusals(table, { op: 'delete-service', service: key }), []);
      assert.deepEqual(table.read().services, []);
    },
  },
  {
    name: 'what stands already is refused with EEXIST, and the steps after it run',
    run(table) {
      const again: IpvsStep = { op: 'add-service', service };
      assert.deepEqual(refusals(table, again, again, add(11), add(11), add(12)), ['EEXIST', 'EEXIST']);
      assert.equal(table.read().services[0]!.destinations.length, 2);
    },
  },
  {
    name: 'what is missing is refused: services with ESRCH, destinations with ENOENT',
    run(table) {
      assert.deepEqual(
        refusals(table, { op: 'edit-service', service }, { op: 'delete-service', service: key }, add(11)),
        ['ESRCH', 'ESRCH', 'ESRCH'],
      );
      const edit: IpvsStep = { op: 'edit-destination', service: key, destination: destination(11) };
      const remove: IpvsStep = { op: 'delete-destination', service: key, destination: destination(11) };
      assert.deepEqual(refusals(table, { op: 'add-service', service }, edit, remove), ['ENOENT', 'ENOENT']);
    },
  },
];

/** Needs a network device; `device` must exist and be up. */
export const daemonCases = (device: string): readonly TableCase[] => [
  {
    name: 'master and backup run side by side',
    run(table) {
      const master: IpvsStep = { op: 'start-daemon', daemon: { role: 'master', device, syncId: 7 } };
      const backup: IpvsStep = { op: 'start-daemon', daemon: { role: 'backup', device, syncId: 7 } };
      assert.deepEqual(refusals(table, master, backup), []);
      const found = table.read().daemons.map((daemon) => `${daemon.role} ${daemon.device} ${daemon.syncId}`);
      assert.deepEqual(found.sort(), [`backup ${device} 7`, `master ${device} 7`]);
      assert.deepEqual(refusals(table, { ...master, op: 'stop-daemon' }), []);
      assert.deepEqual(
        table.read().daemons.map((daemon) => daemon.role),
        ['backup'],
      );
    },
  },
];
