import { TandemError } from '../../../src/model/error.ts';
import { type NodeId, SIDES } from '../../../src/model/pair.ts';
import type { SeedFile } from '../../build/data.ts';
import { inBoth, inBox } from '../drill/faults/inBox.ts';
import { DEVICES, FLOATS, NODES, PORTS } from '../figure.ts';
import { rackDocument, seeds } from '../seed.ts';
import { keepalivedConf, networkScript, serversIn, type Timing } from './keepalived.ts';
import type { BenchRack, System } from './system.ts';

/** Where the rack's image looks for it, within /var/lib/tandem: a box with it runs no Tandem. */
const FOLDER = 'keepalived';

/** A start of two programs on an emulated box, and its checks. ms. */
const READY_MS = 120_000;
const SYNC_MS = 10_000;
const PAUSE_MS = 500;

const UNIT = 'keepalived.service';

const REMOVE = SIDES.map((side) => `ip address del ${FLOATS[side]}/24 dev ${DEVICES[side]} 2>&-`).join('; ');

/** A killed keepalived leaves the floats, the table and the sync daemon in the kernel: a run begins without them. */
const START = `systemctl -q is-active ${UNIT} || { ${REMOVE}; ipvsadm -C; ipvsadm --stop-daemon master 2>&-;
  ipvsadm --stop-daemon backup 2>&-; systemctl reset-failed ${UNIT}; systemctl start ${UNIT}; }`;

const LOOK = 'ip -oneline -4 address show; cat /proc/net/ip_vs';

export interface BoxFacts {
  /** Floats in its kernel, 0 to 2. */
  readonly floats: number;
  /** Real servers in its IPVS table. */
  readonly servers: number;
}

/** Out of ip-address(8) and /proc/net/ip_vs. */
export function boxFacts(text: string): BoxFacts {
  return {
    floats: SIDES.filter((side) => text.includes(` ${FLOATS[side]}/`)).length,
    servers: text.match(/^ +-> [0-9A-F]{8}:/gm)?.length ?? 0,
  };
}

async function factsOf(rack: BenchRack, node: NodeId): Promise<BoxFacts> {
  return boxFacts((await rack.box(node).exec(LOOK)).stdout);
}

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function ready(rack: BenchRack): Promise<void> {
  await rack.mend();
  await inBoth(rack, START);
  const servers = serversIn(await rackDocument());
  const limit = performance.now() + READY_MS;
  for (;;) {
    const [a, b] = await Promise.all(NODES.map((node) => factsOf(rack, node)));
    if (a?.floats === 2 && b?.floats === 0 && a.servers === servers && b.servers === servers) return;
    if (performance.now() > limit) {
      const seen = JSON.stringify({ a, b });
      throw new TandemError('refused', `keepalived is not whole after ${READY_MS / 1000} s: ${seen}`, {
        remedy: `look with \`journalctl -u ${UNIT}\` in the boxes`,
      });
    }
    await wait(PAUSE_MS);
  }
}

/** Established connections to the echo service in the kernel's own list, which has ports in hexadecimal. */
const COUNT = `grep -c '^TCP.* ${PORTS.tcpEcho.toString(16).toUpperCase().padStart(4, '0')} .*ESTABLISHED' /proc/net/ip_vs_conn`;

async function synced(rack: BenchRack, standby: NodeId, count: number): Promise<number> {
  const limit = performance.now() + SYNC_MS;
  for (;;) {
    const known = Number((await rack.box(standby).exec(COUNT)).stdout);
    if (known >= count || performance.now() > limit) return Math.min(known, count);
    await wait(PAUSE_MS);
  }
}

/** Debian's keepalived with the example's figure, timed so. */
export function keepalived(name: string, timing: Timing): System {
  return {
    name,
    disks: async () => {
      const [document, base] = await Promise.all([rackDocument(), seeds(undefined)]);
      const of = (node: NodeId): SeedFile[] => [
        ...base[node],
        { path: `${FOLDER}/keepalived.conf`, content: keepalivedConf(document, DEVICES, timing, node) },
        { path: `${FOLDER}/network`, content: networkScript(document, DEVICES, node) },
      ];
      return { a: of('a'), b: of('b') };
    },
    ready,
    synced,
    // It tells nobody whether it keeps up; that the float did not move while the traffic ran is asked for anyway.
    calm: async () => {},
    handOver: (rack, active) => inBox(rack, active, `systemctl stop ${UNIT}`),
    kill: (rack, active) => inBox(rack, active, `kill -KILL $(cat /sys/fs/cgroup/system.slice/${UNIT}/cgroup.procs)`),
    comeBack: (rack) => inBox(rack, 'a', `systemctl start ${UNIT}`),
    describe: async (rack) => {
      const { stderr, stdout } = await rack.box('b').exec('keepalived --version');
      const version = /v([\d.]+)/.exec(stderr + stdout)?.[1] ?? 'of unknown version';
      return `${version}, VRRPv${timing.vrrpVersion}, adverts every ${timing.advertSeconds * 1000} ms`;
    },
  };
}
