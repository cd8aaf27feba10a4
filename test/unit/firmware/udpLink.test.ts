import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { openUdpLink } from '../../../firmware/link/udp.ts';

/** A port of 127.84.68.7 that nobody has; addresses of its own keep other tests out. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.84.68.7');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

test('a link that is closed before it was bound lets the port go', async () => {
  const port = await freePort();
  const link = openUdpLink({ id: 'public', local: '127.84.68.7', peer: '127.84.68.8', port });
  link.close();
  link.close();
  const alone = createSocket({ type: 'udp4' }).bind(port, '127.84.68.7');
  await once(alone, 'listening');
  alone.close();
});

test('two links carry frames to each other', async () => {
  const port = await freePort();
  const one = openUdpLink({ id: 'public', local: '127.84.68.7', peer: '127.84.68.8', port });
  const other = openUdpLink({ id: 'public', local: '127.84.68.8', peer: '127.84.68.7', port });
  const sent = Uint8Array.of(1, 2, 3);
  let beat: NodeJS.Timeout | undefined;
  const heard = await new Promise<Uint8Array>((done) => {
    other.onFrame(done);
    // Until both are bound a frame is dropped, as a beat is.
    beat = setInterval(() => one.send(sent), 5);
  });
  clearInterval(beat);
  one.close();
  other.close();
  assert.deepEqual([...heard], [...sent]);
});
