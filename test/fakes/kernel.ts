import { sysctlsFor } from '../../src/core/reconcile/index.ts';
import { TandemError } from '../../src/model/error.ts';
import type { Address, AddressStep, Link, Route } from '../../src/model/network.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { Sysctls } from '../../src/ports/ipvs.ts';
import type { Network } from '../../src/ports/network.ts';
import { FakeGuard } from './guard.ts';
import { FakeIpvs } from './ipvs.ts';
import { FakeMarks } from './marks.ts';

/** Links, addresses and routes in memory. */
export class FakeNetwork implements Network {
  readonly log: string[] = [];
  held: Address[] = [];
  table: Route[] = [];
  readonly #links: Link[];
  readonly #watchers = new Set<(change: 'link' | 'address' | 'resync') => void>();

  constructor(devices: readonly string[]) {
    this.#links = devices.map((device, index) => ({
      index: index + 2,
      device,
      mac: `02:00:00:00:00:0${index}`,
      admin: false,
      carrier: false,
      mtu: 1500,
    }));
  }

  addresses = (): readonly Address[] => structuredClone(this.held);
  links = (): readonly Link[] => structuredClone(this.#links);
  routes = (): readonly Route[] => structuredClone(this.table);

  changeAddresses(steps: readonly AddressStep[]): void {
    for (const { op, address } of steps) {
      this.log.push(`${op} ${address.address} ${address.device}`);
      if (!this.#links.some((link) => link.device === address.device)) {
        throw new TandemError('kernel-refused', `${address.device}: ENODEV`);
      }
      this.held = this.held.filter((old) => old.device !== address.device || old.address !== address.address);
      if (op === 'set') this.held.push(address);
    }
  }

  setUp(device: string): void {
    this.log.push(`up ${device}`);
    const at = this.#links.findIndex((link) => link.device === device);
    const link = this.#links[at];
    if (link === undefined) throw new TandemError('kernel-refused', `${device}: ENODEV`);
    this.#links[at] = { ...link, admin: true, carrier: true };
  }

  setRoute(route: Route): void {
    this.log.push(`route ${route.destination}`);
    this.table = [...this.table.filter((old) => old.destination !== route.destination), route];
  }

  watch(onChange: (change: 'link' | 'address' | 'resync') => void): Close {
    this.#watchers.add(onChange);
    return () => this.#watchers.delete(onChange);
  }

  notify(change: 'link' | 'address' | 'resync'): void {
    for (const watcher of this.#watchers) watcher(change);
  }
}

/** Knows every name of the sysctl table, each at `0`; writing ip_forward switches redirects back on, as the kernel may. */
export class FakeSysctls implements Sysctls {
  readonly log: string[] = [];
  readonly values: Map<string, string>;

  constructor(devices: readonly string[]) {
    this.values = new Map(sysctlsFor(devices).map((entry) => [entry.name, '0']));
  }

  get = (name: string): string | undefined => this.values.get(name);

  set(name: string, value: string): void {
    this.log.push(`${name}=${value}`);
    if (!this.values.has(name)) throw new TandemError('kernel-refused', `${name}: ENOENT`);
    this.values.set(name, value.replace(' ', '\t'));
    if (name !== 'net.ipv4.ip_forward') return;
    for (const other of this.values.keys()) if (other.endsWith('.send_redirects')) this.values.set(other, '1');
  }
}

/** A whole kernel in memory, with two NICs that are down. */
export class FakeKernel {
  readonly ipvs = new FakeIpvs();
  readonly marks = new FakeMarks();
  readonly guard = new FakeGuard();
  readonly network: FakeNetwork;
  readonly sysctls: FakeSysctls;

  constructor(devices: readonly string[] = ['eth0', 'eth1']) {
    this.network = new FakeNetwork(devices);
    this.sysctls = new FakeSysctls(devices);
  }

  /** How many changes were asked for so far. */
  changes = (): number =>
    this.ipvs.log.length +
    this.marks.log.length +
    this.guard.writes +
    this.network.log.length +
    this.sysctls.log.length;
}
