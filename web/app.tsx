import { useEffect, useState } from 'preact/hooks';
import type { SessionState } from '../src/model/console.ts';
import { askSession } from './live/session.ts';
import { Console } from './parts/console.tsx';
import { Login } from './parts/login.tsx';

const RETRY_MS = 2_000;

/** Login, or the console of who is logged in. */
export function App() {
  const [session, setSession] = useState<SessionState>();
  const [notice, setNotice] = useState('');

  useEffect(() => {
    if (session !== undefined) return;
    let timer = 0;
    const look = async () => {
      const state = await askSession();
      if (state === undefined) timer = window.setTimeout(look, RETRY_MS);
      else setSession(state);
    };
    void look();
    return () => window.clearTimeout(timer);
  }, [session]);

  if (session === undefined) return <p class="waiting">asking the router…</p>;
  if (!session.loggedIn) {
    const done = () => {
      setNotice('');
      setSession({ ...session, loggedIn: true });
    };
    return <Login session={session} notice={notice} onDone={done} />;
  }
  const ended = (why: string) => {
    setNotice(why);
    setSession(undefined);
  };
  return <Console node={session.node} onEnded={ended} />;
}
