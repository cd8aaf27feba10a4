import type { Top } from '../../model/stats.ts';
import { plain } from '../io.ts';
import { figure } from './figures.ts';
import { wallTime } from './time.ts';

const NAME = 22;
const ascii = (text: string): string => plain(text).replace(/[^\x20-\x7e]/g, '?');
const name = (text: string, indent: string): string => `${indent}${ascii(text)}`.slice(0, NAME - 1).padEnd(NAME);

const figures = ({ rates, active, inactive }: Top['total']): string =>
  [...[rates.connections, rates.packetsIn, rates.packetsOut, rates.bytesIn, rates.bytesOut], ...[active, inactive]]
    .map((value) => figure(value).padStart(6))
    .join('');

const HEAD = `${'NAME'.padEnd(NAME)}${['conn/s', 'pkt/s', 'pkt/s', 'B/s', 'B/s', 'act', 'inact'].map((word) => word.padStart(6)).join('')}`;
const UNDER = `${''.padEnd(NAME)}${['', 'in', 'out', 'in', 'out', '', ''].map((word) => word.padStart(6)).join('')}`;

/** The table, as wide as its words; whoever has less room cuts it. ASCII alone: a serial terminal may know no other. */
export function topLines(top: Top): string[] {
  const { total, services, servers, leftOut } = top;
  return [
    `tandem top  ${ascii(top.role)}  ${wallTime(top.at)}  busiest first; q ends`,
    HEAD,
    `${UNDER}  weight state`,
    `${name('all services', '')}${figures(total)}`,
    ...services.map((line) => `${name(line.name, '')}${figures(line)}`),
    ...(servers.length > 0 ? [''] : []),
    ...servers.map(
      (line) => `${name(line.name, ' ')}${figures(line)}  ${String(line.weight).padEnd(6)} ${ascii(line.state)}`,
    ),
    ...(leftOut > 0 ? [`and ${leftOut} more`] : []),
  ];
}

/** As much of the table as `rows` lines take: all services have at most half of it, so that servers are seen. */
export function fitted(top: Top, rows: number): Top {
  const room = Math.max(2, rows - 6);
  const services = top.services.slice(0, Math.max(1, Math.min(Math.floor(room / 2), top.services.length)));
  const servers = top.servers.slice(0, Math.max(0, room - services.length));
  const cut = top.services.length - services.length + top.servers.length - servers.length;
  return { ...top, services, servers, leftOut: top.leftOut + cut };
}
