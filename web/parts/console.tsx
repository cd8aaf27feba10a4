import { useEffect, useRef, useState } from 'preact/hooks';
import type { ConsoleQuestion } from '../../src/model/console.ts';
import { holdWords, returnWords } from '../../src/model/laneWords.ts';
import type { NodeId } from '../../src/model/pair.ts';
import { Connection, type Link, type Shown } from '../live/connection.ts';
import { logOut } from '../live/session.ts';
import { Alarms } from './alarms.tsx';
import { ApplyDialog } from './apply.tsx';
import { Events } from './events.tsx';
import { Figure } from './figure.tsx';
import { HandOverDialog } from './handOver.tsx';
import { Head } from './head.tsx';
import { HoldDialog } from './hold.tsx';
import { LintDialog } from './lint.tsx';
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
  const [dialog, setDialog] = useState<'hand-over' | 'hold' | 'lint' | 'apply'>();
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
  const held = picture?.lane?.hold;
  const returns = picture?.lane?.returns;

  return (
    <>
      <Head node={node} shown={shown} link={link} onLogOut={out} />
      {picture === undefined ? (
        <p class="waiting">waiting for the first picture…</p>
      ) : (
        <>
          <Alarms alarms={picture.alarms} findings={picture.findings} onLint={() => setDialog('lint')} />
          <section aria-labelledby="figure-title" class="panel">
            <header>
              <h2 id="figure-title">Pair</h2>
              <div class="buttons">
                <button type="button" onClick={() => setDialog('hold')}>
                  {held === undefined ? 'Hold…' : 'Resume…'}
                </button>
                <button type="button" onClick={() => setDialog('hand-over')}>
                  Hand over…
                </button>
              </div>
            </header>
            {held !== undefined && (
              <p class="warning">
                router {picture.node} is {holdWords(held)}
              </p>
            )}
            {returns !== undefined && <p class="quiet">the floats return {returnWords(returns)}</p>}
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
      {dialog === 'hold' && (
        <HoldDialog
          node={node}
          held={held !== undefined}
          serves={picture?.lane?.role === 'active'}
          ask={ask}
          onClose={close}
        />
      )}
      {dialog === 'lint' && <LintDialog ask={ask} onClose={close} />}
      {dialog === 'apply' && <ApplyDialog ask={ask} onClose={close} />}
    </>
  );
}
