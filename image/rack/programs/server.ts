import { createSocket } from 'node:dgram';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import { hurry } from '../drill/program.ts';
import { answer, options, say } from './answers.ts';

/** A real server: nothing of Tandem is in it. */
export interface ServerOptions {
  readonly name: string;
  readonly address: string;
  readonly httpPort: number;
  readonly udpPort: number;
  readonly tcpPort: number;
}

/** More at once than any drill opens; the rest is refused by closing. */
const MAX_CONNECTIONS = 4000;

const { name, address, httpPort, udpPort, tcpPort } = options<ServerOptions>();
hurry();
/**
 * Ms that an echo takes. Answered within Linux's delayed acknowledgement (40 ms), and asked again within it, neither end
 * sends bare acknowledgements: two segments an exchange instead of three for an emulated router to carry.
 */
const THINK = 20;

/** Ms that every HTTP answer waits. */
let slow = 0;

const http = createHttp((request, response) => {
  const body = `${name} ${request.socket.remoteAddress}\n`;
  setTimeout(() => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length });
    response.end(body);
  }, slow);
});

/** One byte in, one byte out, for connections that stay. */
const echo = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('data', (bytes) => setTimeout(() => socket.write(bytes), THINK));
});

const udp = createSocket('udp4');
udp.on('message', (bytes, from) => udp.send(bytes, from.port, from.address));

http.maxConnections = MAX_CONNECTIONS;
echo.maxConnections = MAX_CONNECTIONS;
answer({
  slow: ({ ms }) => {
    slow = ms as number;
  },
});
await Promise.all([
  new Promise<void>((done) => http.listen({ port: httpPort, host: address, backlog: 511 }, done)),
  new Promise<void>((done) => echo.listen({ port: tcpPort, host: address, backlog: 511 }, done)),
  new Promise<void>((done) => udp.bind(udpPort, address, done)),
]);
say({ event: 'listening' });
