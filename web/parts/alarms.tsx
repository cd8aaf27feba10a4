import { worstFirst } from '../../src/model/alarmRank.ts';
import { alarmRemedy } from '../../src/model/alarmRemedy.ts';
import type { Picture } from '../../src/model/console.ts';

export function Alarms({ alarms }: { readonly alarms: Picture['alarms'] }) {
  return (
    <section aria-labelledby="alarms-title" class={alarms.length === 0 ? 'panel' : 'panel alarmed'}>
      <header>
        <h2 id="alarms-title">Alarms</h2>
      </header>
      <ul class="alarms" aria-live="polite">
        {alarms.length === 0 && <li class="quiet">none</li>}
        {worstFirst(alarms).map(({ code, subject, text }) => (
          <li key={`${code} ${subject}`}>
            <strong>
              {code}
              {subject === '' ? '' : ` ${subject}`}
            </strong>
            : {text}
            {alarmRemedy(code) !== undefined && <div class="quiet">remedy: {alarmRemedy(code)}</div>}
          </li>
        ))}
      </ul>
    </section>
  );
}
