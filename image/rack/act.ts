import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { TandemError } from '../../src/model/error.ts';
import type { NodeId } from '../../src/model/pair.ts';
import { LEDS } from '../../src/model/panel.ts';
import { FAULTS } from './bench/faults.ts';
import { bench } from './bench/run.ts';
import { systemsWith } from './bench/systems.ts';
import type { Box } from './box.ts';
import { churn } from './churn/run.ts';
import type { Act, Session } from './control/session.ts';
import { drillAll } from './drill/all.ts';
import { DRILLS, drillNamed } from './drill/drills.ts';
import { runDrill } from './drill/run.ts';
import type { Where } from './figure.ts';
import { firstBoot, firstBootLine } from './firstBoot/run.ts';
import { machine } from './machine.ts';
import { observe } from './observe.ts';
import { picture } from './picture.ts';
import type { Rack } from './rack.ts';
import { soak } from './soak/run.ts';
import { type BenchVerb, type ChurnVerb, type DrillVerb, parseVerb, type SoakVerb, type Verb } from './verbs.ts';
import { type Web, webLines } from './web.ts';

/** Longest run of a command in a box; the agent hands its output over at the end. */
const EXEC_SECONDS = 600;
const NOT_FOUND = 127;

/** What a press has set in motion shows for some seconds after the button is up (docs/panel.md). */
const AFTER_PRESS_MS = 6000;

export interface Host {
  /** undefined while the rack is still being built. */
  readonly rack: Rack | undefined;
  /** Whether the boxes' disks came with a document. */
  readonly configured: boolean;
  /** Since the command was given, ms. */
  readonly upMs: number;
  /** What `status` and the picture say beside the facts; while set, nothing else asks the boxes. */
  note: string | undefined;
  /** How a browser on this machine reaches the boxes. */
  readonly web: Web;
  /** Asks the rack to end. */
  end(): void;
}

/** What the verbs do, inside the rack's own process. */
export function actOn(host: Host): Act {
  return async (argv, session) => {
    const verb = parseVerb(argv);
    if (verb.verb === 'down') {
      host.end();
      return 0;
    }
    const { rack } = host;
    if (rack === undefined) {
      throw new TandemError('refused', 'the rack is still being built', { remedy: 'ask again in a few seconds' });
    }
    return perform(verb, rack, host, session);
  };
}

async function perform(verb: Verb, rack: Rack, host: Host, session: Session): Promise<number> {
  switch (verb.verb) {
    case 'status':
      return status(verb.json, rack, host, session);
    case 'web':
      session.out(verb.json ? `${JSON.stringify(host.web)}\n` : `${webLines(host.web).join('\n')}\n`);
      return 0;
    case 'cut':
      await rack.box(verb.node).cut();
      break;
    case 'plug':
      await rack.box(verb.node).plug();
      break;
    case 'freeze':
      await rack.box(verb.node).freeze();
      break;
    case 'thaw':
      await rack.box(verb.node).thaw();
      break;
    case 'nic':
      await rack.box(verb.node).nic(verb.nic, verb.up);
      break;
    case 'press':
      if (verb.watch) {
        await rack.box(verb.node).pressDown(verb.ms);
        await showPanel(rack.box(verb.node), verb.ms + AFTER_PRESS_MS, session);
      } else {
        await rack.box(verb.node).press(verb.ms);
      }
      break;
    case 'panel':
      await showPanel(rack.box(verb.node), verb.ms, session);
      break;
    case 'serial':
      if (verb.do === 'pull') await rack.cable.pull(verb.from);
      else if (verb.do === 'plug') await rack.cable.plug();
      else await rack.cable.noise(verb.rate, verb.seed);
      break;
    case 'server':
      if (verb.do === 'slow') await rack.server(verb.server).slow(verb.ms);
      else await rack.server(verb.server)[verb.do]();
      break;
    case 'console':
      return join(verb.node, rack, session);
    case 'exec': {
      const { code, stdout, stderr } = await rack.box(verb.node).exec(verb.command, { timeoutSeconds: EXEC_SECONDS });
      session.out(stdout);
      session.err(stderr);
      return code;
    }
    case 'run':
      return run(verb.where, verb.argv, rack, session);
    case 'drill':
      return drill(verb, rack, host, session);
    case 'soak':
      return wear(verb, rack, host, session);
    case 'churn':
      return stir(verb, rack, host, session);
    case 'bench':
      return compare(verb, rack, session);
    default:
      throw new TandemError('bad-request', `${verb.verb} is nothing that a running rack does`);
  }
  return 0;
}

async function status(json: boolean, rack: Rack, host: Host, session: Session): Promise<number> {
  const facts = await observe(rack);
  session.out(json ? `${JSON.stringify(facts)}\n` : `${picture(facts, host.upMs, host.note).join('\n')}\n`);
  return 0;
}

/** Both ways, until the terminal leaves. */
async function join(node: NodeId, rack: Rack, session: Session): Promise<number> {
  const { console } = rack.box(node);
  session.err(`-- console of ${node}, Ctrl-] leaves --\r\n`);
  session.out(console.log);
  // A terminal that does not keep up misses output, as one on a real line does.
  let keepsUp = true;
  const stop = console.listen((bytes) => {
    if (!keepsUp) return;
    keepsUp = session.out(bytes);
    if (!keepsUp) {
      session.drained().then(() => {
        keepsUp = true;
      });
    }
  });
  session.onInput((bytes) => {
    if (bytes !== undefined) console.type(bytes);
  });
  if (!session.gone.aborted) await once(session.gone, 'abort');
  stop();
  return 0;
}

async function copy(from: Readable, to: (bytes: Uint8Array) => boolean, session: Session): Promise<void> {
  for await (const chunk of from) if (!to(chunk as Buffer)) await session.drained();
}

/** Runs a program in one of the namespaces, with the terminal's input and output; it dies when the terminal goes away. */
async function run(where: Where, argv: readonly string[], rack: Rack, session: Session): Promise<number> {
  const child: ChildProcess = rack.spawnIn(where, argv);
  const kill = () => child.kill('SIGKILL');
  session.gone.addEventListener('abort', kill);
  child.stdin!.on('error', () => {});
  session.onInput((bytes) => (bytes === undefined ? child.stdin!.end() : child.stdin!.write(bytes)));
  const failed = once(child, 'error').then(([error]: Error[]) => {
    session.err(`rack: ${argv[0]}: ${error?.message}\n`);
    return [NOT_FOUND, null] as const;
  });
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  copy(child.stdout!, (bytes) => session.out(bytes), session);
  copy(child.stderr!, (bytes) => session.err(bytes), session);
  const [code, signal] = await Promise.race([failed, ended]);
  session.gone.removeEventListener('abort', kill);
  if (signal !== null) session.err(`rack: ${argv[0]} ended by ${signal}\n`);
  return code ?? 1;
}

/** Every drill that this rack's boxes can be put through, one after the other. */
const ALL = 'all';

/** Needs a rack of its own, whose boxes nobody configured. */
export const FIRST_BOOT = 'first-boot';

/** Names with commas between, or all. Refuses one that no drill has. */
export function knownDrill(name: string): void {
  if (name === FIRST_BOOT || name === ALL) return;
  try {
    for (const one of name.split(',')) drillNamed(one);
  } catch (error) {
    throw new TandemError('bad-request', (error as Error).message);
  }
}

/** @throws TandemError `refused` while something is measured. */
function free(host: Host): void {
  if (host.note === undefined) return;
  throw new TandemError('refused', `the rack is busy: ${host.note}`, { remedy: 'wait for its end' });
}

async function drill(verb: DrillVerb, rack: Rack, host: Host, session: Session): Promise<number> {
  knownDrill(verb.name);
  free(host);
  if (verb.name === FIRST_BOOT) {
    if (host.configured) {
      throw new TandemError('refused', 'this rack’s boxes are configured already', {
        remedy: 'end it with `npm run rack -- down`; the drill starts its own',
      });
    }
    if (verb.repeat !== 1) {
      throw new TandemError('refused', `--repeat is ${verb.repeat}: ${FIRST_BOOT} has unconfigured boxes only once`, {
        remedy: 'leave --repeat out, and give the drill again after its end',
      });
    }
    const result = await firstBoot(rack, {
      transcript: (line) => (verb.json ? session.err : session.out)(`${line}\n`),
      progress: (text) => session.err(`first-boot: ${text}\n`),
    });
    session.out(`${verb.json ? JSON.stringify({ drill: FIRST_BOOT, run: 1, ...result }) : firstBootLine(result)}\n`);
    return result.ok ? 0 : 1;
  }
  const drills = verb.name === ALL ? DRILLS : verb.name.split(',').map(drillNamed);
  const options = {
    ...{ repeat: verb.repeat, json: verb.json, load: verb.load },
    out: (line: string) => session.out(`${line}\n`),
    progress: (text: string) => session.err(`${text}\n`),
  };
  await rack.client.pause();
  host.note = `drill ${verb.name} runs`;
  try {
    const [only, ...more] = drills;
    const alone = verb.name !== ALL && only !== undefined && more.length === 0;
    const ok = alone ? await runDrill(rack, only.name, options) : await drillAll(rack, drills, options);
    return ok ? 0 : 1;
  } finally {
    host.note = undefined;
    await rack.client.resume();
  }
}

async function stir(verb: ChurnVerb, rack: Rack, host: Host, session: Session): Promise<number> {
  free(host);
  host.note = 'the churn runs';
  await rack.client.pause();
  try {
    const ok = await churn(rack, {
      ...verb,
      out: (line) => session.out(`${line}\n`),
      progress: (text) => session.err(`${text}\n`),
    });
    return ok ? 0 : 1;
  } finally {
    host.note = undefined;
    await rack.client.resume();
  }
}

async function wear(verb: SoakVerb, rack: Rack, host: Host, session: Session): Promise<number> {
  free(host);
  host.note = 'the soak runs';
  try {
    const ok = await soak(rack, {
      ...verb,
      out: (line) => session.out(`${line}\n`),
      progress: (text) => session.err(`${text}\n`),
    });
    return ok ? 0 : 1;
  } finally {
    host.note = undefined;
  }
}

async function compare(verb: BenchVerb, rack: Rack, session: Session): Promise<number> {
  await rack.client.pause();
  const systems = systemsWith(verb.deadline, verb.adverts).filter(({ name }) => verb.systems?.includes(name) ?? true);
  const ok = await bench(rack, systems, {
    ...verb,
    faults: FAULTS.filter(({ name }) => verb.faults?.includes(name) ?? true),
    machine: await machine(),
    out: (line) => session.out(`${line}\n`),
    progress: (text) => session.err(`${text}\n`),
  });
  return ok ? 0 : 1;
}

async function showPanel(box: Box, ms: number, session: Session): Promise<void> {
  for (const { at, leds } of await box.watchLeds(ms)) {
    const shown = LEDS.map((led) => `${led} ${leds[led] ? 'on ' : 'off'}`).join('  ');
    session.out(`${String(at).padStart(6)} ms  ${shown}\n`);
  }
}
