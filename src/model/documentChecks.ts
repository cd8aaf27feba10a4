import { addressChecks } from './addressChecks.ts';
import type { Fault } from './error.ts';
import { fault } from './faults.ts';
import { guardChecks } from './guardChecks.ts';
import type { Sound } from './salvage.ts';
import { lineShare, MAX_LINE_SHARE, shortestInterval } from './serialLine.ts';
import { type Findings, serviceChecks } from './serviceChecks.ts';

/** The rules that no field can judge by itself. */

function heartbeatChecks(sound: Sound): Findings {
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const { heartbeat } = sound;
  if (heartbeat === undefined) return { faults, warnings };
  const { interval_ms: interval, deadline_ms: deadline, links, serial_baud: baud } = heartbeat;
  if (deadline < 3 * interval) {
    const remedy = `give at least ${3 * interval}, three intervals: one lost beat must not look like a dead twin`;
    faults.push(fault(['heartbeat', 'deadline_ms'], deadline, remedy));
  }
  for (const [index, link] of links.entries()) {
    if (links.indexOf(link) !== index) faults.push(fault(['heartbeat', 'links', index], link, 'name each link once'));
  }
  if (links.includes('serial') && lineShare(interval, baud) >= MAX_LINE_SHARE) {
    const used = Math.round(100 * lineShare(interval, baud));
    const remedy =
      `beats would use ${used} % of the line at ${baud} bit/s: give at least ${shortestInterval(baud)} ms, ` +
      'or a faster serial_baud';
    faults.push(fault(['heartbeat', 'interval_ms'], interval, remedy));
  }
  if (links.length === 1) {
    const remedy =
      'is the only link: when it is cut, the standby raises the alarm peer-silent-floats-answer and nobody moves ' +
      'until the floats fall silent; name a second link';
    warnings.push(fault(['heartbeat', 'links'], links, remedy));
  }
  return { faults, warnings };
}

/** Every fault and warning between the sound parts of a document. */
export function documentChecks(sound: Sound): Findings {
  const [heartbeat, services, guard] = [heartbeatChecks(sound), serviceChecks(sound), guardChecks(sound)];
  return {
    faults: [...addressChecks(sound), ...heartbeat.faults, ...guard.faults, ...services.faults],
    warnings: [...heartbeat.warnings, ...guard.warnings, ...services.warnings],
  };
}
