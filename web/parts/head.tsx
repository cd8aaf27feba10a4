import { useEffect, useState } from 'preact/hooks';
import type { NodeId } from '../../src/model/pair.ts';
import type { Link, Shown } from '../live/connection.ts';

/** Beyond this the picture is not one of now. */
const OLD_MS = 4_000;

interface Props {
  readonly node: NodeId;
  readonly shown: Shown | undefined;
  readonly link: Link;
  readonly onLogOut: () => void;
}

/** How old the picture is: measured by the router until it was sent and by this page since; no wall clock is asked. */
function Age({ shown, link }: Pick<Props, 'shown' | 'link'>) {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(performance.now()), 250);
    return () => window.clearInterval(timer);
  }, []);
  if (shown === undefined) return <span class="age">no picture yet</span>;
  const ms = shown.ageMs + Math.max(0, now - shown.at);
  const age = ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
  const old = ms > OLD_MS || link !== 'open';
  const why = link === 'open' ? '' : ': not connected, trying again';
  return (
    <span class={old ? 'age bad' : 'age'} data-link={link}>
      picture {age} old{why}
    </span>
  );
}

export function Head({ node, shown, link, onLogOut }: Props) {
  const name = shown?.picture.name ?? '';
  useEffect(() => {
    document.title = `${node}: ${shown?.picture.lane?.role ?? 'no lane'} · Tandem${name === '' ? '' : ` ${name}`}`;
  }, [node, name, shown?.picture.lane?.role]);
  return (
    <header class="head">
      <h1>
        Tandem <small>{name === '' ? `router ${node}` : `pair ${name}, router ${node}`}</small>
      </h1>
      <Age shown={shown} link={link} />
      <button type="button" onClick={onLogOut}>
        Log out
      </button>
    </header>
  );
}
