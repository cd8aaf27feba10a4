import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Io } from '../../../src/cli/io.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import {
  type ControllerRequest,
  controllerRequest,
  type LaneRequest,
  laneRequest,
} from '../../../src/model/control.ts';
import { type LaneStatus, laneStatusSchema, type Status, statusSchema } from '../../../src/model/status.ts';
import { type LineServer, serveLines } from '../../../src/shell/lineServer.ts';

/** A folder of control sockets with stand-ins for the two processes; what was asked is kept. */
export async function sockets(answers: {
  readonly controller?: (request: ControllerRequest) => unknown;
  readonly lane?: (request: LaneRequest) => unknown;
}) {
  const run = mkdtempSync(join(tmpdir(), 'tandem-cli-'));
  const asked: (ControllerRequest | LaneRequest)[] = [];
  const keep =
    <R extends ControllerRequest | LaneRequest>(answer: (request: R) => unknown) =>
    (request: R) => {
      asked.push(request);
      return answer(request);
    };
  const open: LineServer[] = [];
  if (answers.controller)
    open.push(await serveLines(join(run, 'controller.sock'), controllerRequest, keep(answers.controller)));
  if (answers.lane) open.push(await serveLines(join(run, 'lane.sock'), laneRequest, keep(answers.lane)));
  const close = async (): Promise<void> => {
    await Promise.all(open.map((server) => server.close()));
    rmSync(run, { recursive: true, force: true });
  };
  // Also for a test that failed before its end: an open socket would keep the process.
  after(close);
  return { run, asked, close };
}

/** Runs one command line and collects what it printed. */
export async function tandem(
  args: readonly string[],
  world: {
    run?: string;
    files?: Record<string, string>;
    typed?: readonly string[];
    terminal?: Terminal;
    login?: { address: string; port: number };
    /** Looks that a command without an end of its own may take. */
    looks?: number;
  } = {},
) {
  const [out, err]: [string[], string[]] = [[], []];
  const typed = [...(world.typed ?? [])];
  let looks = world.looks ?? 1;
  const io: Io = {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    read: (file) => {
      const text = world.files?.[file];
      if (text === undefined) throw new Error(`test asked for ${file}`);
      return text;
    },
    secret: async (prompt) => {
      out.push(prompt);
      const next = typed.shift();
      if (next === undefined) throw new Error(`test was asked "${prompt}"`);
      return next;
    },
    terminal: () => world.terminal,
    rest: async () => {
      looks -= 1;
      return looks <= 0;
    },
    run: world.run ?? '/nonexistent/tandem',
    author: 'cli:night',
    login: world.login,
  };
  const code = await runProgram(args, io);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

export const LANE: LaneStatus = laneStatusSchema.parse({
  node: 'a',
  role: 'active',
  term: 7,
  peer: { heard: true, role: 'standby', term: 7, ready: true },
  floats: { public: true, private: true },
  nics: { public: true, private: true },
  ready: true,
  lateMs: 2.4,
  links: [
    { link: 'serial', heard: false, ageMs: 4210.4, sent: 100, received: 90, refused: { crc: 2, mac: 0 } },
    { link: 'private', heard: true, ageMs: 11.6, sent: 100, received: 100, refused: {} },
    { link: 'public', heard: false, ageMs: null, sent: 3, received: 0, refused: {} },
  ],
  alarms: [{ code: 'link-silent', subject: 'serial', text: 'nothing heard for 4.2 s' }],
  transitions: [
    {
      at: Date.UTC(2026, 10, 22, 1, 2, 3),
      from: 'standby',
      to: 'active',
      term: 7,
      cause: 'peer-silent',
      evidence: 'silent on 3 links',
      steps: { silent: 82.3, installed: 97 },
    },
  ],
});

const server = (name: string, address: string, more = {}) => ({
  name,
  address,
  port: 8080,
  forwarding: 'masquerade',
  up: true,
  drained: false,
  weight: 1,
  configuredWeight: 1,
  active: 3,
  inactive: 12,
  reason: 'connected',
  ...more,
});

export const STATUS: Status = statusSchema.parse({
  name: 'rack',
  revision: 3,
  digest: 'c0ffee'.repeat(10),
  lane: LANE,
  services: [
    {
      name: 'web',
      protocol: 'tcp',
      address: '198.51.100.10',
      port: 80,
      scheduler: 'rr',
      servers: [
        server('s1', '192.0.2.11'),
        server('s2', '192.0.2.12', { up: false, weight: 0, active: 0, reason: 'connection refused' }),
        server('s3', '192.0.2.13', { weight: 0, configuredWeight: 0 }),
      ],
    },
  ],
  alarms: [
    { code: 'server-down', subject: 's2', text: 'connection refused' },
    { code: 'link-silent', subject: 'serial', text: 'nothing heard for 4.2 s' },
  ],
});
