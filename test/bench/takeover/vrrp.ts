import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepalivedConf, type Timing } from '../../../image/rack/bench/keepalived.ts';
import type { System } from '../../../image/rack/bench/system.ts';
import { DEVICES, FLOATS, NODES } from '../../../image/rack/figure.ts';
import type { PairDocument } from '../../../src/model/document.ts';
import { type NodeId, SIDES } from '../../../src/model/pair.ts';
import { until } from '../../kernel/until.ts';
import type { Spaces } from './spaces.ts';

/** Debian's keepalived in both boxes, with nothing but VRRP to do. */

const READY_MS = 60_000;

export function vrrp(
  name: string,
  document: PairDocument,
  timing: Timing,
): System<Spaces> & { close(): Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-vrrp-'));
  const own = (node: NodeId, what: string): string => join(folder, `${node}.${what}`);

  function start(spaces: Spaces, node: NodeId): void {
    writeFileSync(own(node, 'conf'), keepalivedConf({ ...document, services: [] }, DEVICES, timing, node));
    // What a killed one left: it would take the process of that number for itself, already running.
    for (const what of ['pid', 'vrrp.pid']) rmSync(own(node, what), { force: true });
    const files = ['--use-file', own(node, 'conf'), '--pid', own(node, 'pid'), '--vrrp_pid', own(node, 'vrrp.pid')];
    const child = spaces.start(node, ['keepalived', '--dont-fork', '--log-console', '--vrrp', ...files]);
    child.stdout?.resume();
    child.stderr?.resume();
  }

  const floats = (spaces: Spaces, node: NodeId): number => {
    const shown = spaces.run(node, 'ip -oneline -4 address show');
    return SIDES.filter((side) => shown.includes(` ${FLOATS[side]}/`)).length;
  };

  return {
    name,
    disks: async () => ({ a: [], b: [] }),
    async ready(spaces) {
      await spaces.clear();
      spaces.onCut = () => {};
      for (const node of NODES) start(spaces, node);
      const whole = () => floats(spaces, 'a') === SIDES.length && floats(spaces, 'b') === 0;
      await until('box a has both floats and box b none', READY_MS, whole);
    },
    synced: async (_, __, count) => count,
    calm: async () => {},
    handOver: async (spaces, active) => spaces.kill(active, 'SIGTERM'),
    kill: async (spaces, active) => spaces.kill(active),
    comeBack: async (spaces) => start(spaces, 'a'),
    async describe() {
      const { stderr, stdout } = spawnSync('keepalived', ['--version'], { encoding: 'utf8' });
      const version = /v([\d.]+)/.exec(stderr + stdout)?.[1] ?? 'of unknown version';
      return `${version}, VRRPv${timing.vrrpVersion}, adverts every ${timing.advertSeconds * 1000} ms`;
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
