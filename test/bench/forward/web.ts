import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { until } from '../../kernel/controllerBox.ts';
import { sh } from '../../kernel/netns.ts';
import { within } from '../../kernel/segments.ts';
import { CLIENT, PAST, SERVERS } from './wires.ts';

const PORT = 8080;
const PATIENCE_MS = 60_000;
const BULK_BYTES = 2 ** 20;

/** One process that answers for all servers: what it costs is the same for each system. */
const conf = (folder: string): string => `
daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server { listen ${PORT}; location / { default_type text/plain; return 200 "served\\n"; }
    location /bulk { root ${folder}; } }
}
`;

export class Web {
  readonly #folder: string;
  #child: ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Resolves when it answers in the servers' namespace. */
  async start(): Promise<void> {
    const path = join(this.#folder, 'nginx.conf');
    writeFileSync(path, conf(this.#folder));
    writeFileSync(join(this.#folder, 'bulk'), Buffer.alloc(BULK_BYTES, 'tandem '));
    this.#child = spawn('ip', ['netns', 'exec', SERVERS, 'nginx', '-e', 'stderr', '-c', path], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await until('nginx', PATIENCE_MS, async () => {
      const socket = await within(CLIENT, () => connect(PORT, PAST));
      try {
        await once(socket, 'connect');
        return true;
      } catch {
        return false;
      } finally {
        socket.destroy();
      }
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}

/** Requests each second of so many clients that take turns. @throws when one of them failed. */
function rate(words: string, seconds: number): number {
  const text = sh(`ip netns exec ${CLIENT} wrk -t1 -d${seconds}s ${words}`);
  const found = /Requests\/sec:\s+([\d.]+)/.exec(text)?.[1];
  if (found === undefined || /Socket errors|Non-2xx/.test(text)) throw new Error(`wrk: ${text}`);
  return Number(found);
}

/** Requests each second, one connection for each. */
export const requests = (address: string, port: number, seconds: number): number =>
  rate(`-c16 -H 'Connection: close' http://${address}:${port}/`, seconds);

/** Bytes each second of large answers, on connections that stay. */
export const bulkBytes = (address: string, port: number, seconds: number): number =>
  BULK_BYTES * rate(`-c4 http://${address}:${port}/bulk`, seconds);
