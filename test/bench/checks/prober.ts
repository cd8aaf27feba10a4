/** In the client's namespace: a connection every 10 ms to the VIP, one line there and back. Tells each on standard output. */
import { connect } from 'node:net';

const EVERY_MS = 10;
const PATIENCE_MS = 1_000;
const [host = '', port = ''] = process.argv.slice(2);

function ask(): void {
  const begun = Date.now();
  const socket = connect({ host, port: Number(port) });
  let over = false;
  const end = (ok: boolean): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    socket.destroy();
    process.stdout.write(`${begun} ${ok ? 1 : 0}\n`);
  };
  const timer = setTimeout(() => end(false), PATIENCE_MS);
  socket.on('connect', () => socket.write('who?\n'));
  socket.on('data', () => end(true));
  socket.on('error', () => end(false));
  socket.on('close', () => end(false));
}

setInterval(ask, EVERY_MS);
