import assert from 'node:assert/strict';
import { createSocket, type Socket as Dgram } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { within } from '../segments.ts';
import { CLIENT, featureBench, kinds, type Raw, SPACES, server, service, VIP, VIP6 } from './bench.ts';

const { serve, ask } = featureBench([80, 443]);

const waiting = (): { readonly signal: AbortSignal } => ({ signal: AbortSignal.timeout(5000) });

test('Persistence netmask: clients of one IPv6 network share a server, by packets', async () => {
  const six = (port: number, more: Raw): Raw => {
    const servers = [11, 12].map((last) => ({ name: `s${last}`, address: `2001:db8:1::${last}`, port }));
    return service({ address: VIP6, port, persistence_s: 60, servers, ...more });
  };
  const both = async (port: number): Promise<string[]> =>
    kinds([await ask(port, '2001:db8::1', VIP6), await ask(port, '2001:db8::4', VIP6)]);
  serve(six(80, { persistence_netmask: 64 }));
  assert.equal((await both(80)).length, 1);
  serve(six(443, {}));
  assert.deepEqual(await both(443), ['s1', 's2'], 'without it each address is a client of its own');
});

/** Both servers answer datagrams with their names. */
async function telephones(t: TestContext, port: number): Promise<void> {
  for (const [index, space] of SPACES.entries()) {
    const phone = createSocket('udp4');
    phone.on('message', (_data, from) => phone.send(`s${index + 1}`, from.port, from.address));
    const bound = once(phone, 'listening', waiting());
    await within(space, () => phone.bind(port));
    await bound;
    t.after(() => phone.close());
  }
}

/** Who takes a call; each from a port of its own, as behind a proxy. */
async function call(t: TestContext, port: number, callId: string): Promise<string> {
  const client: Dgram = createSocket('udp4');
  t.after(() => client.close());
  const bound = once(client, 'listening', waiting());
  await within(CLIENT, () => client.bind(0, '203.0.113.10'));
  await bound;
  const answer = once(client, 'message', waiting());
  client.send(`OPTIONS sip:a@${VIP} SIP/2.0\r\nCall-ID: ${callId}\r\nContent-Length: 0\r\n\r\n`, port, VIP);
  return String((await answer)[0]);
}

test('Persistence engine: sip keeps a call with its server, and gives the next call of one client another, by packets', async (t) => {
  const sip = (port: number, more: Raw): Raw =>
    service({ protocol: 'udp', port, persistence_s: 60, servers: [server(11), server(12)], ...more });
  await telephones(t, 5060);
  serve(sip(5060, { persistence_engine: 'sip' }));
  const first = await call(t, 5060, 'one-1@203.0.113.10');
  const next = await call(t, 5060, 'two-2@203.0.113.10');
  assert.notEqual(next, first);
  assert.equal(await call(t, 5060, 'one-1@203.0.113.10'), first);
  assert.equal(await call(t, 5060, 'two-2@203.0.113.10'), next);
  await telephones(t, 5061);
  serve(sip(5061, {}));
  const plain = [await call(t, 5061, 'one-1@203.0.113.10'), await call(t, 5061, 'two-2@203.0.113.10')];
  assert.equal(kinds(plain).length, 1, 'without it a client is what it is known by');
});

/** An FTP server of one file: it names the VIP and its one passive port, as docs/document.schema.json asks of servers. */
async function ftpServer(t: TestContext, space: string, name: string): Promise<void> {
  const open = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    return socket.on('error', () => {}).on('close', () => open.delete(socket));
  };
  const control = createServer((socket) => {
    keep(socket).write(`220 ${name}\r\n`);
    createInterface(socket).on('line', (line) => {
      if (line === 'PASV') socket.write(`227 Entering Passive Mode (${VIP.replaceAll('.', ',')},195,80)\r\n`);
    });
  });
  const data = createServer((socket) => keep(socket).end(`file of ${name}`));
  for (const [listener, port] of [
    [control, 21],
    [data, 50_000],
  ] as const satisfies readonly (readonly [Server, number])[]) {
    const up = once(listener, 'listening', waiting());
    await within(space, () => listener.listen(port, '0.0.0.0'));
    await up;
    t.after(() => {
      for (const socket of open) socket.destroy();
      listener.close();
    });
  }
}

async function dial(t: TestContext, from: string, host: string, port: number): Promise<Socket> {
  const socket = await within(CLIENT, () => connect({ host, port, localAddress: from }));
  t.after(() => socket.destroy());
  await once(socket, 'connect', waiting());
  return socket;
}

/** A passive transfer; the name of the server that greeted, and what the data connection brought. */
async function fetchFile(t: TestContext, from: string): Promise<readonly [string, string]> {
  const socket = await dial(t, from, VIP, 21);
  const lines = createInterface(socket);
  const greeting = String((await once(lines, 'line', waiting()))[0]);
  socket.write('PASV\r\n');
  const passive = String((await once(lines, 'line', waiting()))[0]);
  const [a, b, c, d, high, low] = (/\((.*)\)/.exec(passive)?.[1] ?? '').split(',').map(Number);
  const data = await dial(t, from, [a, b, c, d].join('.'), 256 * Number(high) + Number(low));
  let text = '';
  for await (const part of data) text += String(part);
  return [greeting.slice(4), text];
}

test('FTP: control and passive data connections of a client meet one server, by packets', async (t) => {
  for (const [index, space] of SPACES.entries()) await ftpServer(t, space, `s${index + 1}`);
  serve(service({ name: 'ftp', ports: [21, '50000-50009'], persistence_s: 60, servers: [server(11), server(12)] }));
  const greeted: string[] = [];
  for (const from of ['203.0.113.10', '203.0.113.11']) {
    const [name, text] = await fetchFile(t, from);
    assert.equal(text, `file of ${name}`);
    greeted.push(name);
  }
  assert.deepEqual(kinds(greeted), ['s1', 's2'], 'the next client meets the other server');
});
