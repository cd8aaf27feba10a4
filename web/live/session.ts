import {
  CONSOLE,
  type ConsoleRefusal,
  refusalSchema,
  type SessionState,
  sessionSchema,
} from '../../src/model/console.ts';

const unreachable: ConsoleRefusal = {
  code: 'unreachable',
  message: 'the router does not answer',
  remedy: 'check that this machine reaches its private side',
};

/** Whether somebody is logged in here; undefined while the router does not answer. */
export async function askSession(): Promise<SessionState | undefined> {
  try {
    return sessionSchema.parse(await (await fetch(CONSOLE.paths.session)).json());
  } catch {
    return undefined;
  }
}

/** undefined = logged in. */
export async function logIn(password: string): Promise<ConsoleRefusal | undefined> {
  try {
    const response = await fetch(CONSOLE.paths.login, { method: 'POST', body: JSON.stringify({ password }) });
    if (response.ok) return undefined;
    return refusalSchema.parse(((await response.json()) as { error: unknown }).error);
  } catch {
    return unreachable;
  }
}

export async function logOut(): Promise<void> {
  await fetch(CONSOLE.paths.logout, { method: 'POST' }).catch(() => {});
}
