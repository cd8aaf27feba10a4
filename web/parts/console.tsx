import { useEffect, useRef, useState } from 'preact/hooks';
import type { ConsoleQuestion } from '../../src/model/console.ts';
import type { NodeId } from '../../src/model/pair.ts';
import { Connection, type Link, type Shown } from '../live/connection.ts';
import { logOut } from '../live/session.ts';
import { Alarms } from './alarms.tsx';
import { ApplyDialog } from './apply.tsx';
import { Events } from './events.tsx';
import { Figure } from './figure.tsx';
import { HandOverDialog } from './handOver.tsx';
import { Head } from './head.tsx';
import { Services } from './services.tsx';

/** Asks the router one question. Rejects with Refused. */
export type Ask = (question: ConsoleQuestion) => Promise<unknown>;

interface Props {
  readonly node: NodeId;
  readonly onEnded: (why: string) => void;
}

export function Console({ node, onEnded }: Props) {
  const [shown, setShown] = useState<Shown>();
  const [link, setLink] = useState<Link>('connecting');
  const [dialog, setDialog] = useState<'hand-over' | 'apply'>();
  const connection = useRef<Connection>(undefined);

  useEffect(() => {
    const live = new Connection({
      picture: setShown,
      link: setLink,
      ended: () => onEnded('the session is over: log in again'),
    });
    connection.current = live;
    const here = () => live.here();
    for (const name of ['pointerdown', 'keydown']) window.addEventListener(name, here);
    return () => {
      for (const name of ['pointerdown', 'keydown']) window.removeEventListener(name, here);
      live.close();
    };
  }, []);

  const ask: Ask = (question) => connection.current!.ask(question);
  const out = async () => {
    connection.current?.close();
    await logOut();
    onEnded('');
  };
  const close = () => setDialog(undefined);
  const picture = shown?.picture;

  return (
    <>
      <Head node={node} shown={shown} link={link} onLogOut={out} />
      {picture === undefined ? (
        <p class="waiting">waiting for the first picture…</p>
      ) : (
        <>
          <Alarms alarms={picture.alarms} />
          <section aria-labelledby="figure-title" class="panel">
            <header>
              <h2 id="figure-title">Pair</h2>
              <button type="button" onClick={() => setDialog('hand-over')}>
                Hand over…
              </button>
            </header>
            <Figure picture={picture} />
          </section>
          <Services services={picture.services} ask={ask} />
          <section aria-labelledby="document-title" class="panel">
            <header>
              <h2 id="document-title">Document</h2>
              <button type="button" onClick={() => setDialog('apply')}>
                Apply a document…
              </button>
            </header>
            <p>
              {picture.revision === 0
                ? 'no document was applied yet'
                : `revision ${picture.revision} (${picture.digest.slice(0, 12)}) is in force`}
            </p>
          </section>
          <Events events={picture.events} />
        </>
      )}
      {dialog === 'hand-over' && <HandOverDialog ask={ask} onClose={close} />}
      {dialog === 'apply' && <ApplyDialog ask={ask} onClose={close} />}
    </>
  );
}
