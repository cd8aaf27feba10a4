import { spawnSync } from 'node:child_process';
import { constants, openSync, read, write } from 'node:fs';
import { createInterface } from 'node:readline';
import { seeded } from '../../../image/rack/cable/chance.ts';
import { Line } from '../../../image/rack/cable/line.ts';
import { hurry, options, say } from '../../../image/rack/drill/program.ts';
import { NODES } from '../../../image/rack/figure.ts';
import { type NodeId, peerOf } from '../../../src/model/pair.ts';
import { openPty } from '../../serial/pty.ts';

/**
 * A null-modem cable of two pseudo terminals, a process of its own. Says `{"a":PATH,"b":PATH}`; a line `cut` on stdin
 * ends what both boxes hear, `noise 0.01` damages such a share of all bytes. Ends with its stdin.
 */
export interface CableOptions {
  /** bits/s; a pseudo terminal by itself has none. */
  readonly baud: number;
}

const CHUNK = 4096;

hurry();
const { baud } = options<CableOptions>();
const ends = { a: rawPty(), b: rawPty() };
/** By sender. */
const lines = { a: carry('a'), b: carry('b') };

/** Held open at its far end too, so that a box that is off is a line that nobody reads, and no error. */
function rawPty(): ReturnType<typeof openPty> {
  const pty = openPty();
  openSync(pty.path, constants.O_RDWR | constants.O_NOCTTY);
  const done = spawnSync('stty', ['-F', pty.path, 'raw', '-echo'], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`stty: ${done.stderr}`);
  return pty;
}

/** What fits neither on the wire nor into the other end is lost, as with a line that nobody reads. */
function carry(from: NodeId): Line {
  const { master: out } = ends[peerOf(from)];
  const line = new Line(baud, CHUNK);
  const buffer = new Uint8Array(CHUNK);
  let timer: NodeJS.Timeout | undefined;
  let writing = false;
  const deliver = (): void => {
    timer = undefined;
    const bytes = line.due(performance.now());
    if (bytes.length > 0 && !writing) {
      writing = true;
      write(out, bytes, () => {
        writing = false;
      });
    }
    schedule();
  };
  const schedule = (): void => {
    const done = line.doneAt();
    if (timer === undefined && done !== undefined) timer = setTimeout(deliver, Math.max(0, done - performance.now()));
  };
  const next = (): void =>
    read(ends[from].master, buffer, 0, CHUNK, null, (error, length) => {
      if (error !== null) throw error;
      line.push(buffer.subarray(0, length), performance.now());
      schedule();
      next();
    });
  next();
  return line;
}

createInterface({ input: process.stdin })
  .on('line', (command) => {
    const [what, value = ''] = command.split(' ');
    if (what === 'cut') for (const node of NODES) lines[node].pull(true);
    if (what === 'noise') for (const node of NODES) lines[node].noise(Number(value), seeded(NODES.indexOf(node)));
  })
  // A thread that waits for a byte would keep `exit` from returning.
  .on('close', () => process.kill(process.pid, 'SIGKILL'));
say({ a: ends.a.path, b: ends.b.path });
