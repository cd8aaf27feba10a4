import { TandemError } from '../../src/model/error.ts';
import type { NodeId } from '../../src/model/pair.ts';
import { FAULT_NAMES, SYSTEM_NAMES } from './bench/names.ts';
import { type Load, THINNED, type Thin } from './drill/pace.ts';
import { BRIDGES, NICS, type Nic, NODES, SERVERS, type ServerNumber, type Where } from './figure.ts';

/** What a person can ask of the rack, parsed. */
export type Verb =
  | { readonly verb: 'up'; readonly configured: boolean; readonly deadline: number | undefined }
  | { readonly verb: 'help' | 'down' }
  | { readonly verb: 'status' | 'web'; readonly json: boolean }
  | { readonly verb: 'cut' | 'plug' | 'freeze' | 'thaw' | 'console'; readonly node: NodeId }
  | { readonly verb: 'press'; readonly node: NodeId; readonly ms: number; readonly watch: boolean }
  | { readonly verb: 'panel'; readonly node: NodeId; readonly ms: number }
  | { readonly verb: 'nic'; readonly node: NodeId; readonly nic: Nic; readonly up: boolean }
  | { readonly verb: 'serial'; readonly do: 'pull'; readonly from: NodeId | undefined }
  | { readonly verb: 'serial'; readonly do: 'plug' }
  | { readonly verb: 'serial'; readonly do: 'noise'; readonly rate: number; readonly seed: number }
  | { readonly verb: 'exec'; readonly node: NodeId; readonly command: string }
  | { readonly verb: 'run'; readonly where: Where; readonly argv: readonly string[] }
  | { readonly verb: 'server'; readonly server: ServerNumber; readonly do: 'kill' | 'start' }
  | { readonly verb: 'server'; readonly server: ServerNumber; readonly do: 'slow'; readonly ms: number }
  | DrillVerb
  | BenchVerb
  | SoakVerb
  | ChurnVerb;

export interface DrillVerb {
  readonly verb: 'drill';
  readonly name: string;
  readonly repeat: number;
  readonly json: boolean;
  readonly load: Load;
}

export interface SoakVerb {
  readonly verb: 'soak';
  readonly minutes: number;
  readonly json: boolean;
}

export interface ChurnVerb {
  readonly verb: 'churn';
  readonly minutes: number;
  readonly seed: number;
  /** s from one SIGKILL of the active box's controller to the next. */
  readonly killEvery: number;
  readonly json: boolean;
}

export interface BenchVerb {
  readonly verb: 'bench';
  readonly runs: number;
  readonly json: boolean;
  readonly load: Load;
  /** Of Tandem's heartbeat, ms; undefined = the rack's own. */
  readonly deadline: number | undefined;
  /** Between two advertisements of the fast keepalived, ms; undefined = as fast as it is stable on a quick machine. */
  readonly adverts: number | undefined;
  /** Undefined = all. */
  readonly systems: readonly string[] | undefined;
  readonly faults: readonly string[] | undefined;
}

const refuse = (message: string, remedy: string): never => {
  throw new TandemError('bad-request', message, { remedy });
};

const quoted = (value: string | undefined): string => (value === undefined ? 'nothing' : `"${value.slice(0, 80)}"`);

function choose<T extends string>(what: string, value: string | undefined, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  return found ?? refuse(`${what} is ${quoted(value)}`, `write ${choices.join(' or ')}`);
}

function number(what: string, value: string, low: number, high: number, whole: boolean): number {
  const read = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (read >= low && read <= high && (!whole || Number.isInteger(read))) return read;
  return refuse(`${what} is ${quoted(value)}`, `write a ${whole ? 'whole ' : ''}number from ${low} to ${high}`);
}

function nothingAfter(rest: readonly string[], right: string): void {
  if (rest.length > 0) refuse(`${quoted(rest[0])} is too much`, `write \`${right}\``);
}

/** What stands after `--`. */
function command(rest: readonly string[], right: string): readonly string[] {
  const [dashes, ...argv] = rest;
  if (dashes !== '--' || argv.length === 0) refuse('the command is missing', `write \`${right} -- COMMAND\``);
  return argv;
}

/** One word for a POSIX shell. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

function serial(rest: readonly string[]): Verb {
  const [what, first, second, ...more] = rest;
  const todo = choose('what to do with the serial cable', what, ['pull', 'plug', 'noise']);
  if (todo === 'noise') {
    nothingAfter(more, 'serial noise [RATE [SEED]]');
    const rate = number('the rate', first ?? '0.01', 0, 1, false);
    return { verb: 'serial', do: 'noise', rate, seed: number('the seed', second ?? '1', 0, 2 ** 32 - 1, true) };
  }
  nothingAfter([...(second === undefined ? [] : [second]), ...more], `serial ${todo}`);
  if (todo === 'pull') {
    return { verb: 'serial', do: 'pull', from: first === undefined ? undefined : choose('the box', first, NODES) };
  }
  nothingAfter(first === undefined ? [] : [first], 'serial plug');
  return { verb: 'serial', do: 'plug' };
}

function server(rest: readonly string[]): Verb {
  const [which, what, ...more] = rest;
  const digit = choose('the real server', which, SERVERS.map(String));
  const chosen = SERVERS.find((one) => String(one) === digit)!;
  if (what === '--') {
    return { verb: 'run', where: `s${chosen}`, argv: command(rest.slice(1), `server ${chosen}`) };
  }
  const todo = choose('what to do with the server', what, ['kill', 'start', 'slow']);
  nothingAfter(more.slice(todo === 'slow' ? 1 : 0), `server ${chosen} ${todo}`);
  if (todo !== 'slow') return { verb: 'server', server: chosen, do: todo };
  return {
    verb: 'server',
    server: chosen,
    do: 'slow',
    ms: number('the time in ms', more[0] ?? '500', 0, 60_000, true),
  };
}

function nic(rest: readonly string[]): Verb {
  const [node, side, state, ...more] = rest;
  nothingAfter(more, 'nic a|b wan|lan|beat down|up');
  return {
    verb: 'nic',
    node: choose('the box', node, NODES),
    nic: NICS.find((one) => BRIDGES[one] === choose('the NIC', side, Object.values(BRIDGES)))!,
    up: choose('the state', state, ['down', 'up']) === 'up',
  };
}

function press(rest: readonly string[]): Verb {
  const watch = rest.at(-1) === '--watch';
  return { verb: 'press', ...atPanel('press a|b [TIME] [--watch]', '200ms', watch ? rest.slice(0, -1) : rest), watch };
}

/** The time is `3s`, `0.5s` or `200ms`. */
function atPanel(form: string, usual: string, rest: readonly string[]): { readonly node: NodeId; readonly ms: number } {
  const [node, time = usual, ...more] = rest;
  nothingAfter(more, form);
  const read = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(time);
  const ms = read === null ? Number.NaN : Math.round(Number(read[1]) * (read[2] === 's' ? 1000 : 1));
  if (!(ms >= 1 && ms <= 60_000)) refuse(`the time is ${quoted(time)}`, 'write 1ms to 60s, e.g. 3s');
  return { node: choose('the box', node, NODES), ms };
}

/** When nobody says how many long-lived connections a drill holds. */
const CONNECTIONS = 100;

const connections = (value: string | undefined): number => number('--connections', value ?? '', 1, 1000, true);

function thin(value: string | undefined): Thin {
  return (
    THINNED.find((one) => String(one) === value) ??
    refuse(`--thin is ${quoted(value ?? '')}`, `give ${THINNED.join(', ')}`)
  );
}

/** The load with one of its two options. */
const loadWith = (load: Load, option: '--connections' | '--thin', value: string | undefined): Load =>
  option === '--thin' ? { ...load, thin: thin(value) } : { ...load, connections: connections(value) };

function drill(rest: readonly string[]): Verb {
  let name: string | undefined;
  let repeat = 1;
  let json = false;
  let load: Load = { connections: CONNECTIONS, thin: 1 };
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!;
    if (word === '--json') json = true;
    else if (word === '--connections' || word === '--thin') load = loadWith(load, word, rest[++i]);
    else if (word === '--repeat') repeat = number('--repeat', rest[++i] ?? '', 1, 1000, true);
    else if (word.startsWith('--') || name !== undefined) {
      refuse(`${quoted(word)} is too much`, 'write `drill NAME [--repeat N] [--connections N] [--thin N] [--json]`');
    } else name = word;
  }
  const named = name ?? refuse('the drill has no name', 'write `drill NAME`');
  return { verb: 'drill', name: named, repeat, json, load };
}

/** Some of `known`, with commas between. */
function someOf(option: string, value: string | undefined, known: readonly string[]): readonly string[] {
  return (value ?? '').split(',').map((name) => choose(option, name, known));
}

/** ms; four beats fit into it, and the document takes no beats closer than 5 ms. */
const DEADLINE = [20, 10_000] as const;

/** keepalived counts in hundredths of a second. */
function adverts(value: string | undefined): number {
  const ms = number('--adverts', value ?? '', 10, 1000, true);
  return ms % 10 === 0 ? ms : refuse(`--adverts is ${quoted(value)}`, 'write whole hundredths of a second, e.g. 200');
}

const BENCH =
  'bench failover [--runs N] [--connections N] [--thin N] [--deadline MS] [--adverts MS] [--json] [--systems A,B] [--faults A,B]';

function bench([what, ...rest]: readonly string[]): BenchVerb {
  choose('what to compare', what, ['failover']);
  let chosen: BenchVerb = {
    ...{ verb: 'bench', runs: 5, json: false, load: { connections: CONNECTIONS, thin: 1 } },
    ...{ deadline: undefined, adverts: undefined, systems: undefined, faults: undefined },
  };
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!;
    if (word === '--json') chosen = { ...chosen, json: true };
    else if (word === '--connections' || word === '--thin') {
      chosen = { ...chosen, load: loadWith(chosen.load, word, rest[++i]) };
    } else if (word === '--adverts') chosen = { ...chosen, adverts: adverts(rest[++i]) };
    else if (word === '--deadline') chosen = { ...chosen, deadline: number(word, rest[++i] ?? '', ...DEADLINE, true) };
    else if (word === '--runs') chosen = { ...chosen, runs: number(word, rest[++i] ?? '', 1, 100, true) };
    else if (word === '--systems') chosen = { ...chosen, systems: someOf(word, rest[++i], SYSTEM_NAMES) };
    else if (word === '--faults') chosen = { ...chosen, faults: someOf(word, rest[++i], FAULT_NAMES) };
    else refuse(`${quoted(word)} is too much`, `write \`${BENCH}\``);
  }
  return chosen;
}

function soak(rest: readonly string[]): Verb {
  let minutes = 30;
  let json = false;
  for (let i = 0; i < rest.length; i++) {
    if (rest[i] === '--json') json = true;
    else if (rest[i] === '--minutes') minutes = number('--minutes', rest[++i] ?? '', 1, 1440, true);
    else refuse(`${quoted(rest[i])} is too much`, 'write `soak [--minutes N] [--json]`');
  }
  return { verb: 'soak', minutes, json };
}

const CHURN = 'churn [--minutes N] [--seed S] [--kill-every SECONDS] [--json]';

function churn(rest: readonly string[]): ChurnVerb {
  let chosen: ChurnVerb = { verb: 'churn', minutes: 5, seed: 1, killEvery: 10, json: false };
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!;
    if (word === '--json') chosen = { ...chosen, json: true };
    else if (word === '--minutes') chosen = { ...chosen, minutes: number(word, rest[++i] ?? '', 1, 1440, true) };
    else if (word === '--seed') chosen = { ...chosen, seed: number(word, rest[++i] ?? '', 0, 2 ** 32 - 1, true) };
    else if (word === '--kill-every') chosen = { ...chosen, killEvery: number(word, rest[++i] ?? '', 1, 3600, true) };
    else refuse(`${quoted(word)} is too much`, `write \`${CHURN}\``);
  }
  return chosen;
}

const NAMES =
  'status, web, cut, plug, freeze, thaw, nic, press, panel, serial, console, exec, client, gateway, wires, server, drill, bench, soak, churn, down, help';

/** @throws TandemError `bad-request` naming what is wrong and what would be right. */
export function parseVerb(argv: readonly string[]): Verb {
  const [verb, ...rest] = argv;
  switch (verb) {
    case undefined:
      return { verb: 'up', configured: true, deadline: undefined };
    case 'unconfigured':
      nothingAfter(rest, 'unconfigured');
      return { verb: 'up', configured: false, deadline: undefined };
    case '--deadline':
      nothingAfter(rest.slice(1), '--deadline MS');
      return { verb: 'up', configured: true, deadline: number('--deadline', rest[0] ?? '', ...DEADLINE, true) };
    case 'help':
    case '--help':
    case '-h':
      return { verb: 'help' };
    case 'down':
      nothingAfter(rest, 'down');
      return { verb };
    case 'status':
    case 'web': {
      const json = rest[0] === '--json';
      nothingAfter(rest.slice(json ? 1 : 0), `${verb} [--json]`);
      return { verb, json };
    }
    case 'cut':
    case 'plug':
    case 'freeze':
    case 'thaw':
    case 'console':
      nothingAfter(rest.slice(1), `${verb} a|b`);
      return { verb, node: choose('the box', rest[0], NODES) };
    case 'nic':
      return nic(rest);
    case 'press':
      return press(rest);
    case 'panel':
      return { verb, ...atPanel('panel a|b [TIME]', '3s', rest) };
    case 'serial':
      return serial(rest);
    case 'exec': {
      const node = choose('the box', rest[0], NODES);
      return { verb, node, command: command(rest.slice(1), `exec ${node}`).map(shellWord).join(' ') };
    }
    case 'client':
    case 'gateway':
      return { verb: 'run', where: verb, argv: command(rest, verb) };
    case 'wires':
      return { verb: 'run', where: 'rack', argv: command(rest, verb) };
    case 'server':
      return server(rest);
    case 'drill':
      return drill(rest);
    case 'bench':
      return bench(rest);
    case 'soak':
      return soak(rest);
    case 'churn':
      return churn(rest);
    default:
      return refuse(`no verb is called ${quoted(verb)}`, `there are ${NAMES}`);
  }
}
