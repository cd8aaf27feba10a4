import { spawnSync } from 'node:child_process';
import { constants, openSync, read, write } from 'node:fs';
import { createInterface } from 'node:readline';
import { hurry, say } from '../../../image/rack/drill/program.ts';
import { NODES } from '../../../image/rack/figure.ts';
import { type NodeId, peerOf } from '../../../src/model/pair.ts';
import { openPty } from '../../serial/pty.ts';

/**
 * A null-modem cable of two pseudo terminals, a process of its own. Says `{"a":PATH,"b":PATH}`; a line `cut a` on stdin
 * ends what that box says and hears. A byte is there at once, whatever the baud rate. Ends with its stdin.
 */

const CHUNK = 4096;

hurry();
const ends = { a: rawPty(), b: rawPty() };
const cut = new Set<NodeId>();

/** Held open at its far end too, so that a box that is off is a line that nobody reads, and no error. */
function rawPty(): ReturnType<typeof openPty> {
  const pty = openPty();
  openSync(pty.path, constants.O_RDWR | constants.O_NOCTTY);
  const done = spawnSync('stty', ['-F', pty.path, 'raw', '-echo'], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`stty: ${done.stderr}`);
  return pty;
}

/** What does not fit into the other end is lost, as with a line that nobody reads. */
function carry(from: NodeId): void {
  const to = peerOf(from);
  const buffer = new Uint8Array(CHUNK);
  let writing = false;
  const next = (): void =>
    read(ends[from].master, buffer, 0, CHUNK, null, (error, length) => {
      if (error !== null) throw error;
      if (!writing && !cut.has(from) && !cut.has(to)) {
        writing = true;
        write(ends[to].master, buffer.slice(0, length), () => {
          writing = false;
        });
      }
      next();
    });
  next();
}

for (const node of NODES) carry(node);
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [, node] = /^cut ([ab])$/.exec(line) ?? [];
    if (node !== undefined) cut.add(node as NodeId);
  })
  // A thread that waits for a byte would keep `exit` from returning.
  .on('close', () => process.kill(process.pid, 'SIGKILL'));
say({ a: ends.a.path, b: ends.b.path });
