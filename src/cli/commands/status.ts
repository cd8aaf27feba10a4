import { mergeAlarms } from '../../model/mergeAlarms.ts';
import { MAX_NAMED } from '../../model/named.ts';
import type { Status } from '../../model/status.ts';
import { askStatus } from '../askStatus.ts';
import { EXIT, plain, UsageError } from '../io.ts';
import { alarmLines } from '../print/alarms.ts';
import { block } from '../print/block.ts';
import { figure } from '../print/figures.ts';
import { laneLines } from '../print/lane.ts';
import { serviceLines } from '../print/services.ts';
import type { Command } from '../program.ts';

function firewallLines(dropped: NonNullable<Status['dropped']>): string[] {
  const words = { input: 'for this router', forward: 'to be routed' } as const;
  const parts = dropped.map(({ chain, packets }) => `${figure(packets)} packets ${words[chain]}`);
  return parts.length === 0 ? [] : block('firewall', [`dropped ${parts.join(', ')}`]);
}

const countsText = ({ services, servers, up }: NonNullable<Status['counts']>): string =>
  `${services} services, ${up} of ${servers} real servers up`;

export function statusText(status: Status): string {
  const { name, revision, digest, lane, services } = status;
  const alarms = mergeAlarms(lane?.alarms ?? [], status.alarms);
  const head = name === '' ? [] : block('pair', [`${plain(name)}, revision ${revision} (${digest.slice(0, 12)})`]);
  const view =
    lane === null
      ? block('router', ['the pair lane does not answer: see `systemctl status tandem-pair`'])
      : laneLines(lane);
  const table = serviceLines(services);
  const { counts } = status;
  return [
    ...head,
    ...view,
    ...block('alarms', alarms.length === 0 ? ['none'] : alarmLines(alarms)),
    ...firewallLines(status.dropped ?? []),
    ...(status.findings ? block('lint', [`${status.findings} more to look at by day: see \`tandem lint\``]) : []),
    ...(counts !== undefined && services.length < counts.services ? block('document', [countsText(counts)]) : []),
    ...(table.length === 0 ? [] : ['', ...table]),
  ].join('\n');
}

export const command: Command = {
  options: { json: { type: 'boolean' }, brief: { type: 'boolean' } },
  needs: 'names of virtual services',
  words: [0, MAX_NAMED],
  async run(io, words, options) {
    if (options.brief === true && words.length > 0) throw new UsageError('name services, or say --brief: not both');
    const status = await askStatus(io, words.length > 0 || options.brief === true ? words : undefined);
    io.out(options.json === true ? JSON.stringify(status) : statusText(status));
    return EXIT.ok;
  },
};
