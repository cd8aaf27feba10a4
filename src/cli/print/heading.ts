import { worstFirst } from '../../model/alarmRank.ts';
import { mergeAlarms } from '../../model/mergeAlarms.ts';
import type { Address } from '../../model/network.ts';
import type { Status } from '../../model/status.ts';
import { plain } from '../io.ts';
import { alarmLines } from './alarms.ts';
import { block } from './block.ts';
import { laneLines } from './lane.ts';

/** Of the lane's lines: this router, its twin, the floats. */
const SHOWN = 3;

/** What a box says of itself to somebody who has not logged in: role, addresses and the worst alarm. */
export function headingLines(status: Status, addresses: readonly Address[]): string[] {
  const own = addresses
    .filter(({ address, device }) => device !== 'lo' && !address.includes(':'))
    .map(
      ({ device, label, address, prefix }) => `${plain(label === '' ? device : label).padEnd(8)} ${address}/${prefix}`,
    );
  const alarms = worstFirst(mergeAlarms(status.lane?.alarms ?? [], status.alarms));
  const more = alarms.length > 1 ? [`  and ${alarms.length - 1} more: see the status`] : [];
  return [
    ...(status.lane === null
      ? block('router', ['the pair lane does not answer'])
      : laneLines(status.lane).slice(0, SHOWN)),
    ...block('address', own),
    ...block('alarms', alarms.length === 0 ? ['none'] : [...alarmLines(alarms.slice(0, 1)), ...more]),
  ];
}
