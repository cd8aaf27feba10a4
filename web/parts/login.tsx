import { useState } from 'preact/hooks';
import type { ConsoleRefusal, SessionState } from '../../src/model/console.ts';
import { logIn } from '../live/session.ts';
import { Refusal } from './refusal.tsx';

interface Props {
  readonly session: SessionState;
  /** Why somebody is here again; empty at first. */
  readonly notice: string;
  readonly onDone: () => void;
}

export function Login({ session, notice, onDone }: Props) {
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<ConsoleRefusal>();

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const refused = await logIn(password);
    setBusy(false);
    setPassword('');
    setRefusal(refused);
    if (refused === undefined) onDone();
  };

  return (
    <section class="login">
      <h1>
        Tandem <small>router {session.node}</small>
      </h1>
      {notice !== '' && <p>{notice}</p>}
      {session.passwordSet ? (
        <form onSubmit={submit}>
          <input type="text" name="username" autocomplete="username" value="admin" readOnly hidden />
          <label for="password">Password</label>
          <input
            id="password"
            type="password"
            autocomplete="current-password"
            required
            maxLength={128}
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
          <button type="submit" class="primary" disabled={busy}>
            {busy ? 'logging in…' : 'Log in'}
          </button>
        </form>
      ) : (
        <p>
          No password was set on this router. Set one on its serial console or with <code>tandem password</code>, then
          reload this page.
        </p>
      )}
      {refusal !== undefined && <Refusal refusal={refusal} />}
    </section>
  );
}
