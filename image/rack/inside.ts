import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BoxImage } from '../build/image.ts';
import { actOn, type Host } from './act.ts';
import { codeOf, listen, words } from './control/server.ts';
import type { Session } from './control/session.ts';
import { now } from './drill/program.ts';
import { NODES } from './figure.ts';
import type { Place } from './place.ts';
import { Rack } from './rack.ts';
import { emulated, rackBeat } from './seed.ts';
import { FIRST_DEADLINE, tighten } from './tighten.ts';
import { watch } from './watch.ts';
import { consolesAnswer, leadOn, type Web, webLines } from './web.ts';

/** The rack's own process: the first one in its namespaces, so that everything in them ends with it. */
export interface InsideOptions {
  readonly place: Place;
  readonly image: BoxImage;
  /** To do when the rack is whole, then end. */
  readonly then: readonly string[] | undefined;
  /** False = boxes as they leave the factory. */
  readonly configured: boolean;
  /** That the pair's heartbeat is to end with, ms; undefined = the rack's own. */
  readonly deadline: number | undefined;
  /** When the command was given, on CLOCK_MONOTONIC, ms. */
  readonly started: number;
  readonly web: Web;
}

const { place, image, then, configured, deadline, started, web } = JSON.parse(process.argv[2] ?? '') as InsideOptions;
const gone = new AbortController();
let rack: Rack | undefined;
let ended = false;

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const phase = (what: string): void => show(`· ${((now() - started) / 1000).toFixed(1).padStart(5)} s  ${what}`);

/** Power off, and nothing stays behind in the cache. */
async function end(code: number): Promise<void> {
  if (ended) return;
  ended = true;
  gone.abort();
  await rack?.end();
  spawnSync('umount', ['-l', join(place.dir, 'world')], { stdio: 'ignore' });
  await rm(place.dir, { recursive: true, force: true });
  process.exit(code);
}

process.on('disconnect', () => end(0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
// The terminal may be gone before we are.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const host: Host = {
  get rack() {
    return rack;
  },
  configured,
  get upMs() {
    return now() - started;
  },
  note: undefined,
  web,
  end: () => {
    end(0);
  },
};
const act = actOn(host);

/** The terminal in front of us, for the verb that the rack was started for. */
const front: Session = {
  out: (bytes) => process.stdout.write(bytes),
  err: (bytes) => process.stderr.write(bytes),
  drained: async () => {},
  onInput: () => {},
  gone: gone.signal,
};

let show = say;

async function bringUp(): Promise<void> {
  await listen(place.control, act);
  const wanted = deadline ?? rackBeat.deadline;
  const patient = wanted < FIRST_DEADLINE && (await emulated());
  const first = patient ? FIRST_DEADLINE : deadline;
  const built = await Rack.start(place.dir, image, phase, { password: web.password, deadline: first });
  rack = built;
  await leadOn(place);
  if (then === undefined) show = watch(built, host, gone.signal);
  const booted = NODES.map((node) =>
    built
      .box(node)
      .booted()
      .then(() => phase(`box ${node} has booted`)),
  );
  built.client.answered.then(() => phase('serving: the client has its first answer through the VIP'));
  await Promise.all(booted);
  if (then === undefined) for (const line of webLines(web)) show(`           ${line}`);
  if (!configured) {
    phase('unconfigured: both consoles ask who they are');
    return;
  }
  await Promise.all([built.settled(), consolesAnswer().then(() => phase('both web consoles answer'))]);
  if (patient) await settleBeat(built, wanted);
  phase('whole: one active, one standby, every link heard, every server up');
}

/** A verb measures what it is told to on any machine; who watches shall see a pair that this machine carries. */
async function settleBeat(built: Rack, wanted: number): Promise<void> {
  if (then !== undefined) {
    await built.beat(wanted);
  } else {
    const { deadline: found, lateMs } = await tighten(built, wanted);
    phase(`heartbeat: deadline ${found} ms, ${wanted} ms wanted, ${lateness(lateMs)}`);
  }
  await built.settled();
}

const lateness = (ms: number): string =>
  Number.isFinite(ms) ? `the boxes wake up to ${Math.round(ms)} ms late` : 'a box does not say how late it wakes';

try {
  await bringUp();
  if (then !== undefined) await end(await act(then, front));
} catch (error) {
  // What breaks because the rack ends is no news.
  const lines = ended ? [] : words(error).trimEnd().split('\n');
  for (const line of lines) show(line);
  // A rack that does not become whole is worth looking at; one that was started for a verb has failed.
  if (then !== undefined || rack === undefined) await end(then === undefined ? 1 : codeOf(error));
}
