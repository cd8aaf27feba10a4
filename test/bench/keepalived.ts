import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepalivedConf, USUAL } from '../../image/rack/bench/keepalived.ts';
import type { PairDocument } from '../../src/model/document.ts';
import { sh } from '../kernel/netns.ts';

/** Debian's keepalived with its checkers alone, as a document has it, on the table of this namespace. */
export class Keepalived {
  readonly #path: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, 'keepalived.conf');
  }

  write(document: PairDocument): void {
    writeFileSync(this.#path, keepalivedConf(document, { public: 'eth0', private: 'eth1' }, USUAL, 'a'));
  }

  start(): void {
    const files = ['-p', join(this.#folder, 'main.pid'), '-c', join(this.#folder, 'checkers.pid')];
    this.#child = spawn('keepalived', ['--dont-fork', '--check', '-f', this.#path, ...files], { stdio: 'ignore' });
  }

  reload(): void {
    this.#child?.kill('SIGHUP');
  }

  /** Of its processes, the checkers' last. */
  pids(): number[] {
    const main = this.#child?.pid;
    if (main === undefined) return [];
    return [main, ...sh(`cat /proc/${main}/task/${main}/children`).trim().split(' ').filter(Boolean).map(Number)];
  }

  /** Resolves when it is gone; the table is empty then. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    sh('ipvsadm -C');
  }
}
