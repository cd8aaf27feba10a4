import type { NodeId } from '../../src/model/pair.ts';
import { LEDS } from '../../src/model/panel.ts';
import { FLOATS, NODES } from './figure.ts';
import { type BoxFacts, type Facts, holderOf, type ServerFacts } from './observe.ts';
import type { Second } from './programs/client.ts';

/** The rack in words: pure text, so that the terminal, `status` and the tests see the same. */

export const duration = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${Math.floor(seconds / 3600)} h`;
};

function heard(box: BoxFacts): string {
  const links = Object.entries(box.heard).map(([link, is]) => (is ? link : `${link} SILENT`));
  return links.length === 0 ? '' : `hears ${links.join(', ')}`;
}

function router(node: NodeId, box: BoxFacts): string {
  const power = box.power === 'on' ? 'power on' : box.power === 'off' ? 'POWER OFF' : 'FROZEN';
  const role = box.role ?? (box.power !== 'on' ? '' : box.answers ? 'no service' : 'booting');
  const shown = box.role === 'active' ? 'ACTIVE' : role;
  const term = box.term === undefined ? '' : `term ${box.term}`;
  const cables = `wan ${box.cables.public ? 'up' : 'DOWN'} lan ${box.cables.private ? 'up' : 'DOWN'}`;
  const ready = box.ready === false ? 'NOT READY' : '';
  const cells = [power.padEnd(10), shown.padEnd(10), term.padEnd(8), cables.padEnd(14), heard(box), ready];
  return `${node}  ${cells.join(' ')}`.trimEnd();
}

function server(facts: ServerFacts, client: Second | undefined): string {
  const state = facts.running ? (facts.slowMs > 0 ? `slow ${facts.slowMs} ms` : 'running') : 'KILLED';
  const verdicts = NODES.map((node) => facts.up[node]).filter((up) => up !== undefined);
  const judged =
    verdicts.length === 0 ? '' : verdicts.every(Boolean) ? ', up' : verdicts.some(Boolean) ? ', up/down' : ', down';
  return `${facts.name} ${state}${judged}, ${client?.by[facts.name] ?? 0}/s`;
}

export function outageText(outage: Second['outage']): string {
  if (outage === undefined) return 'no outage so far';
  const ms = `${Math.round(outage.ms)} ms`;
  return outage.restored ? `last outage ${ms}, ${duration(outage.agoMs)} ago` : `OUTAGE for ${ms}`;
}

function client(second: Second | undefined): string {
  if (second === undefined) return 'not asking';
  const { sent, answered, medianMs, outage } = second;
  return `${sent} requests/s, ${answered} answered, median ${medianMs.toFixed(1)} ms; ${outageText(outage)}`;
}

/** ● = lit, as the chip has it at this moment; a blinking one is now this, now that. */
function panel(node: NodeId, { leds }: BoxFacts): string {
  if (leds === undefined) return `${node}  dark`;
  return `${node}  ${LEDS.map((led) => `${led} ${leds[led] ? '●' : '○'}`).join('  ')}`;
}

const alarmsOf = (facts: Facts): string[] =>
  NODES.flatMap((node) => facts.boxes[node].alarms.map((text) => `${node}: ${text}`));

/** The whole picture, a line each. `note` = what is going on besides, e.g. a drill. */
export function picture(facts: Facts, upMs: number, note: string | undefined): string[] {
  const alarms = alarmsOf(facts);
  return [
    `Tandem rack, up ${duration(upMs)}${note === undefined ? '' : `; ${note}`}`,
    ...NODES.map((node) => `  router   ${router(node, facts.boxes[node])}`),
    `  panels   ${NODES.map((node) => panel(node, facts.boxes[node])).join('   |   ')}`,
    `  floats   public ${FLOATS.public} on ${holderOf(facts, 'public')}, private ${FLOATS.private} on ${holderOf(facts, 'private')}`,
    `  cable    serial ${facts.cable}`,
    `  servers  ${facts.servers.map((one) => server(one, facts.client)).join(' · ')}`,
    `  client   ${client(facts.client)}`,
    `  alarms   ${alarms.length === 0 ? 'none' : alarms[0]}`,
    ...alarms.slice(1, 8).map((text) => `           ${text}`),
  ];
}

/** One line, for logs. */
export function statusLine(facts: Facts, upMs: number, note: string | undefined): string {
  const roles = NODES.map((node) => `${node} ${facts.boxes[node].role ?? facts.boxes[node].power}`).join(', ');
  const floats = `floats on ${holderOf(facts, 'public')}/${holderOf(facts, 'private')}`;
  const running = facts.servers.filter((one) => one.running).length;
  const { sent = 0, answered = 0, outage } = facts.client ?? {};
  const more = note === undefined ? '' : `, ${note}`;
  return `${duration(upMs)}: ${roles}, ${floats}, ${running} servers run, ${answered}/${sent} requests answered, ${outageText(outage)}${more}`;
}
