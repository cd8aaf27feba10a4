import type { Drill } from './drill.ts';
import { ASKED } from './faults/asked.ts';
import { BOOT } from './faults/boot.ts';
import { BOX } from './faults/box.ts';
import { CABLES } from './faults/cables.ts';
import { COMMIT } from './faults/commit.ts';
import { PREFERRED } from './faults/preferred.ts';
import { PROCESS } from './faults/process.ts';
import { RELEASES } from './faults/releases.ts';
import { REPLAY } from './faults/replay.ts';
import { SERVER } from './faults/server.ts';

/** In the order of `drill all`. */
export const DRILLS: readonly Drill[] = [
  ...[...PROCESS, ...CABLES, ...REPLAY, ...ASKED, ...RELEASES, ...SERVER],
  // What switches a box off comes last: each run after such a one waits until the box is warm again.
  ...[...BOX, ...COMMIT, ...PREFERRED, ...BOOT],
];

/** @throws naming the drills there are. */
export function drillNamed(name: string): Drill {
  const drill = DRILLS.find((one) => one.name === name);
  if (drill) return drill;
  throw new Error(
    `no drill is called "${name}"; there are ${DRILLS.map((one) => one.name).join(', ')}, and first-boot; all runs all but the last`,
  );
}
