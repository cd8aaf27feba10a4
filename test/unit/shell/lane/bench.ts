import type { Beat } from '../../../../src/codec/beat.ts';
import { TandemError } from '../../../../src/model/error.ts';
import type { Lane } from '../../../../src/model/lane.ts';
import type { Address, AddressStep } from '../../../../src/model/network.ts';
import type { Hold, LinkId } from '../../../../src/model/pair.ts';
import type { RecordStore } from '../../../../src/ports/store.ts';
import type { Beats } from '../../../../src/shell/lane/beats.ts';
import { failoverConfig } from '../../../../src/shell/lane/config.ts';
import { type LanePorts, type LaneRunner, runLane } from '../../../../src/shell/lane/lane.ts';

export const LANE: Lane = {
  node: 'a',
  pairName: 'rack',
  digest: 'abcdef0123456789',
  floats: {
    public: { address: '198.51.100.10', prefix: 24, device: 'eth0', label: 'eth0:1' },
    private: { address: '192.0.2.1', prefix: 24, device: 'eth1', label: 'eth1:1' },
  },
  nics: {
    public: { device: 'eth0', address: '198.51.100.2', prefix: 24 },
    private: { device: 'eth1', address: '192.0.2.2', prefix: 24 },
  },
  peer: { public: '198.51.100.3', private: '192.0.2.3' },
  neighbours: [
    { side: 'public', address: '198.51.100.1', kind: 'gateway' },
    { side: 'private', address: '192.0.2.11', kind: 'server' },
  ],
  links: ['serial', 'private', 'public'],
  serial: { path: '/dev/ttyS1', baud: 115200 },
  port: 7946,
  intervalMs: 20,
  deadlineMs: 100,
  keyFile: '/etc/tandem/pair.key',
};

/** One lane on a clock that only the test moves, with a kernel that only remembers. */
export interface Bench {
  readonly runner: LaneRunner;
  /** Every batch the kernel was given, as `set eth0:1` or `delete eth0:1`. */
  readonly batches: string[][];
  readonly log: string[];
  /** What the watchdog was told. */
  readonly guards: boolean[];
  /** The deadline that came with each of `guards`, ms. */
  readonly guardDeadlines: number[];
  readonly failures: string[];
  /** Addresses that were probed for and announced, in order. */
  readonly probed: string[];
  readonly announced: string[];
  /** What the lane's watches are told, by address. */
  readonly claims: Map<string, () => void>;
  /** Addresses whose claims lie in the ARP sockets until somebody hears them. */
  readonly unread: string[];
  readonly released: string[];
  /** A beat comes in over a link. */
  hear: (link: LinkId, beat: Beat) => void;
  /** Address batches that contain this operation are refused. */
  refuse: AddressStep['op'] | undefined;
  /** So many looks at the kernel's links and addresses fail. */
  blindLooks: number;
  /** Probes and announcements on this device cannot leave. */
  mute: string | undefined;
  /** Neighbours that answer nothing. */
  readonly silent: string[];
  /** Holds as they were written; undefined ended one. */
  readonly saved: (Hold | undefined)[];
  diskFull: boolean;
  addresses(): readonly Address[];
  /** Runs timers and settles promises for so many ms. */
  run(ms: number): Promise<void>;
}

export interface Kept {
  readonly records?: RecordStore;
  readonly hold?: Hold;
  readonly lane?: Lane;
}

export function createBench(left: readonly Address[] = [], { records, hold, lane = LANE }: Kept = {}): Bench {
  let now = 1000;
  let timers: { at: number; fire: () => void }[] = [];
  let held: Address[] = [...left];
  const carrier = { admin: true, carrier: true, mtu: 1500 };
  const noBeats: Beats = {
    send: () => {},
    look: () => {},
    status: () => [],
    pairing: () => undefined,
    close: () => {},
  };

  const ears = new Map<string, (neighbour: string) => void>();
  /** 1 ms later, as a neighbour does. */
  const answer = (device: string, address: string): void => {
    timers.push({ at: now + 1, fire: () => ears.get(device)?.(address) });
  };

  const leave = (device: string): void => {
    if (bench.mute === device) throw new TandemError('unreachable', `${device} is down`);
  };

  const seen = <T>(what: T): T => {
    if (bench.blindLooks === 0) return what;
    bench.blindLooks -= 1;
    throw new TandemError('kernel-resync', 'answers were lost (ENOBUFS)');
  };

  const ports: LanePorts = {
    clock: {
      now: () => now,
      wall: () => 1_700_000_000_000 + now,
      at(at, fire) {
        const timer = { at, fire };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
    },
    network: {
      addresses: () => seen(held),
      links: () =>
        seen([
          { index: 2, device: 'eth0', mac: '02:00:00:00:00:01', ...carrier },
          { index: 3, device: 'eth1', mac: '02:00:00:00:00:02', ...carrier },
        ]),
      routes: () => [],
      changeAddresses(steps) {
        bench.batches.push(steps.map((step) => `${step.op} ${step.address.label || step.address.address}`));
        if (steps.some((step) => step.op === bench.refuse)) throw new TandemError('kernel-refused', 'EPERM');
        for (const { op, address } of steps) {
          held = held.filter((other) => other.address !== address.address);
          if (op === 'set') held.push(address);
        }
      },
      setUp: () => {},
      setRoute: () => {},
      watch: () => () => {},
    },
    arp: {
      probe(device, address) {
        leave(device);
        bench.probed.push(address);
      },
      announce(device, address) {
        leave(device);
        bench.announced.push(address);
      },
      ask(device, _address, neighbours) {
        leave(device);
        for (const address of neighbours) if (!bench.silent.includes(address)) answer(device, address);
      },
      watch(device, address, onClaim) {
        bench.claims.set(address, () => onClaim({ device, address, mac: '02:00:00:00:00:99' }));
        return () => {};
      },
      watchAnswers(device, _address, onAnswer) {
        ears.set(device, onAnswer);
        return () => {};
      },
      hear() {
        for (const address of bench.unread.splice(0)) bench.claims.get(address)?.();
      },
    },
    terms: { load: () => ({ term: 0, damaged: false }), save: () => Promise.resolve() },
    openBeats(_lane, onBeat) {
      bench.hear = onBeat;
      return noBeats;
    },
    ...(records === undefined ? {} : { records }),
    holds: {
      load: () => hold,
      async save(hold) {
        if (bench.diskFull) throw new TandemError('io', 'no space left on device');
        bench.saved.push(hold);
      },
    },
    writeRelease: (floats) => bench.released.push(`${floats.public.address} ${floats.private.address}`),
    guard(holding, deadline) {
      bench.guards.push(holding);
      bench.guardDeadlines.push(deadline);
    },
    log: (line) => bench.log.push(line),
    fail: (reason) => bench.failures.push(reason),
    ended: () => bench.log.push('ended'),
  };

  const bench: Omit<Bench, 'runner'> & { runner: LaneRunner | undefined } = {
    runner: undefined,
    batches: [],
    guards: [],
    guardDeadlines: [],
    log: [],
    failures: [],
    probed: [],
    announced: [],
    claims: new Map(),
    unread: [],
    released: [],
    hear: () => {},
    refuse: undefined,
    blindLooks: 0,
    mute: undefined,
    silent: [],
    saved: [],
    diskFull: false,
    addresses: () => held,
    async run(ms) {
      const end = now + ms;
      for (;;) {
        await Promise.resolve();
        await Promise.resolve();
        const next = timers.filter((timer) => timer.at <= end).sort((x, y) => x.at - y.at)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.fire();
      }
      now = end;
    },
  };
  bench.runner = runLane(ports, lane, failoverConfig(lane, '00112233445566aa', 1));
  return bench as Bench;
}
