import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { hurry } from '../../../image/rack/drill/program.ts';
import { Sniffer, spokenAs } from '../../../image/rack/drill/sniffer.ts';
import { PRIVATE_FLOAT, VIP } from '../../../image/rack/figure.ts';

/** A namespace that plays router and servers at once. Lines on stdin: `take|drop both|public|private`. */

hurry();
const floats = {
  public: { address: VIP, device: 'eth0', label: 'eth0:1' },
  private: { address: PRIVATE_FLOAT, device: 'eth1', label: 'eth1:1' },
} as const;
type Side = keyof typeof floats;

const sniffers = {
  public: new Sniffer('eth0', spokenAs(VIP)),
  private: new Sniffer('eth1', spokenAs(PRIVATE_FLOAT)),
};
const macs: Record<Side, string> = { public: ownMac('eth0'), private: ownMac('eth1') };

function ownMac(device: string): string {
  const shown = spawnSync('ip', ['-json', 'link', 'show', device], { encoding: 'utf8' });
  return (JSON.parse(shown.stdout) as { address: string }[])[0]!.address;
}

/** Gratuitous ARP, so that the client forgets the other router at once. */
function announce(side: Side): void {
  const mac = macs[side].split(':').map((byte) => Number.parseInt(byte, 16));
  const address = floats[side].address.split('.').map(Number);
  const ethernet = [255, 255, 255, 255, 255, 255, ...mac, 8, 6];
  const frame = [...ethernet, 0, 1, 8, 0, 6, 4, 0, 1, ...mac, ...address, 0, 0, 0, 0, 0, 0, ...address];
  sniffers[side].send(Uint8Array.from(frame));
}

function change(what: 'add' | 'delete', sides: readonly Side[]): void {
  const lines = sides.map((side) => {
    const { address, device, label } = floats[side];
    return `address ${what} ${address}/24 dev ${device} ${what === 'add' ? `label ${label}` : ''}\n`;
  });
  // Dropping what is not held is no error.
  const done = spawnSync('ip', ['-force', '-batch', '-'], { input: lines.join(''), encoding: 'utf8' });
  if (what === 'add' && done.status !== 0) process.stderr.write(done.stderr);
}

const now = () => Number(process.hrtime.bigint()) / 1e6;
const say = (from: number) => process.stdout.write(`${JSON.stringify({ from, to: now() })}\n`);

const web = createHttp((_request, response) => response.end('toy\n')).listen(80, '0.0.0.0');
const hold = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.pipe(socket);
}).listen(8081, '0.0.0.0');
const echo = createSocket('udp4');
echo.on('message', (bytes, from) => echo.send(bytes, from.port, from.address, () => {}));
echo.bind(7, VIP);
await Promise.all([web, hold, echo].map((server) => new Promise<void>((done) => server.once('listening', done))));

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [what, which] = line.split(' ');
  const from = now();
  const sides: Side[] = which === 'public' || which === 'private' ? [which] : ['public', 'private'];
  change(what === 'take' ? 'add' : 'delete', sides);
  if (what === 'take') sides.forEach(announce);
  say(from);
});
lines.on('close', () => process.exit(0));
say(now());
