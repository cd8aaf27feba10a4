import type { Picture } from '../../src/model/console.ts';

/** `2026-11-22 15:40:01Z`, as `tandem events` prints it. */
function wallTime(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '(no time)' : `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

export function Events({ events }: { readonly events: Picture['events'] }) {
  return (
    <section aria-labelledby="events-title" class="panel">
      <header>
        <h2 id="events-title">Last events</h2>
      </header>
      <ol class="events">
        {events.map(({ at, kind, text }, index) => (
          <li key={`${at} ${kind} ${index}`}>
            <time>{wallTime(at)}</time> <strong>{kind}</strong> <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
