/**
 * The serial console's process: the wizard of an unconfigured box, login and menu of a configured one. It speaks to the
 * terminal on its standard input and output, which the caller has made raw (stty(1)), and ends with the session.
 */
import { writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../firmware/clock.ts';
import { openNetwork } from '../firmware/netlink/network.ts';
import { ownLine } from '../firmware/pairing/line.ts';
import { newCode, newRun, newRunKey } from '../firmware/pairing/secrets.ts';
import { argon2Hasher, openPasswordStore } from '../firmware/password.ts';
import { openBoxFiles, openKept } from '../firmware/setup/files.ts';
import { lookAtNics } from '../firmware/setup/nics.ts';
import { systemctl } from '../firmware/setup/systemctl.ts';
import { statusText } from './cli/commands/status.ts';
import { eventLines } from './cli/print/events.ts';
import { headingLines } from './cli/print/heading.ts';
import type { ShowResult } from './model/control.ts';
import { TandemError } from './model/error.ts';
import { VERSION } from './model/version.ts';
import { ask, resultOf } from './shell/lineClient.ts';
import { laneLine } from './shell/pairing/laneLine.ts';
import { createPairing } from './shell/pairing/pairing.ts';
import type { SetupPorts } from './shell/setup/ports.ts';
import { runSetup } from './shell/setup/runSetup.ts';

const SHOW_MS = 10_000;

const etc = process.env.TANDEM_ETC ?? '/etc/tandem';
const state = process.env.TANDEM_STATE ?? '/var/lib/tandem';
const run = process.env.TANDEM_RUN ?? '/run/tandem';

const files = openBoxFiles(etc, state);
const kept = openKept(join(run, 'console.json'));
const network = openNetwork();

/** A serial line is slow: whoever writes waits for it. */
function write(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') process.exit(1);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

const passwords = openPasswordStore(join(state, 'admin.argon2'));

const pairing = createPairing({
  clock: systemClock,
  newCode,
  newRun,
  newRunKey,
  laneLine: () => laneLine(systemClock, (request, timeoutMs) => ask(join(run, 'lane.sock'), request, timeoutMs)),
  ownLine,
  async gift() {
    const node = files.node();
    if (node === undefined) throw new TandemError('not-configured', 'this box is not configured');
    const { text } = resultOf<ShowResult>(await ask(join(run, 'controller.sock'), { do: 'show' }, SHOW_MS));
    return { twin: node.name, document: text, key: files.key(node.key_file), password: passwords.load() };
  },
});

const ports: SetupPorts = {
  clock: systemClock,
  write,
  keep: kept.write,
  end: () => process.exit(0),
  nics: () => lookAtNics(network),
  hasher: argon2Hasher,
  passwords,
  install: (box) => files.install(box),
  startService: () => systemctl('--no-block', 'start', 'tandem-controller.service', 'tandem-pair.service'),
  askController: (request, timeoutMs) => ask(join(run, 'controller.sock'), request, timeoutMs),
  restart: () => systemctl('--no-block', 'reboot'),
  forget: () => files.forget(),
  words: {
    heading: (status) => headingLines(status, network.addresses()),
    status: (status) => statusText(status).split('\n'),
    events: eventLines,
  },
  pairing,
};

const banner = `Tandem ${VERSION} on ${hostname()}`;
const runner = runSetup(ports, { node: files.node()?.name, banner, saved: kept.read() });
process.stdin.on('data', (bytes: Buffer) => runner.type(bytes));
// A line that hung up: whoever comes next is met by another process.
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
