import type { PasswordResult } from '../../model/control.ts';
import { TandemError } from '../../model/error.ts';
import { passwordFault } from '../../model/password.ts';
import { askController } from '../answer.ts';
import { EXIT, type Io } from '../io.ts';
import type { Command } from '../program.ts';

/** A slow box with other passwords waiting. */
const PASSWORD_MS = 30_000;

/** Judged before it is typed again; the controller judges it as well. */
function judged(password: string): string {
  const fault = passwordFault(password);
  if (fault === undefined) return password;
  throw new TandemError('bad-password', 'the password was not taken', { remedy: fault.remedy, faults: [fault] });
}

async function typed(io: Io): Promise<string> {
  const password = judged(await io.secret('new admin password: '));
  if ((await io.secret('the same again: ')) === password) return password;
  throw new TandemError('refused', 'the two passwords differ; nothing was changed', { remedy: 'type the same twice' });
}

export const command: Command = {
  options: { stdin: { type: 'boolean' } },
  words: [0, 0],
  async run(io, _words, options) {
    const password = options.stdin === true ? judged(io.read('-').replace(/\r?\n$/, '')) : await typed(io);
    const request = { do: 'password', password, author: io.author } as const;
    const { replaced } = await askController<PasswordResult>(io, request, PASSWORD_MS);
    io.out(`the admin password of this router is ${replaced ? 'changed; everybody is logged out' : 'set'}`);
    return EXIT.ok;
  },
};
