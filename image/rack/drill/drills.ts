import type { Drill } from './drill.ts';
import { ASKED } from './faults/asked.ts';
import { BOX } from './faults/box.ts';
import { CABLES } from './faults/cables.ts';
import { PROCESS } from './faults/process.ts';
import { SERVER } from './faults/server.ts';

/** In the order of `drill all`. */
export const DRILLS: readonly Drill[] = [...BOX, ...PROCESS, ...CABLES, ...ASKED, ...SERVER];

/** @throws naming the drills there are. */
export function drillNamed(name: string): Drill {
  const drill = DRILLS.find((one) => one.name === name);
  if (drill) return drill;
  throw new Error(
    `no drill is called "${name}"; there are ${DRILLS.map((one) => one.name).join(', ')}, and first-boot; all runs all but the last`,
  );
}
