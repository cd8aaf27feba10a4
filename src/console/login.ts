import { loginSchema } from '../model/console.ts';
import { TandemError } from '../model/error.ts';
import type { AdminPassword } from '../shell/controller/adminPassword.ts';
import type { Sessions } from './sessions.ts';
import type { Throttle } from './throttle.ts';

export interface LoginParts {
  readonly password: AdminPassword;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  /** What happened, for the ledger. */
  readonly record: (kind: string, text: string) => void;
}

/** @throws TandemError `bad-request`; what was sent is not in it. */
function passwordIn(body: string): string {
  try {
    return loginSchema.parse(JSON.parse(body)).password;
  } catch {
    throw new TandemError('bad-request', 'this is no login', { remedy: 'send {"password": "…"} as JSON' });
  }
}

/**
 * Answers the token of a new session. Rejects with TandemError `bad-request`, `not-configured` when no password was set,
 * `wrong-password`, `too-many` with the time to wait, `refused` when too many are being tried.
 */
export async function logIn(body: string, address: string, parts: LoginParts): Promise<string> {
  const said = passwordIn(body);
  const { password, sessions, throttle, record } = parts;
  // Without a password there is nothing to guess.
  if (password.isSet()) {
    const wait = throttle.begin(address);
    if (wait > 0) {
      throw new TandemError('too-many', 'too many wrong passwords', {
        remedy: `wait ${Math.ceil(wait / 1000)} s and try again`,
      });
    }
  }
  if (!(await password.matches(said))) {
    record('login-refused', `a wrong password for the web console came from ${address}`);
    throw new TandemError('wrong-password', 'the password is wrong', {
      remedy: 'a forgotten one is set anew with `tandem password` on the router',
    });
  }
  throttle.right(address);
  record('login', `somebody logged in to the web console from ${address}`);
  return sessions.start(`web:${address}`);
}
