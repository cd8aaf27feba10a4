import { worstFirst } from '../../src/model/alarmRank.ts';
import { alarmRemedy } from '../../src/model/alarmRemedy.ts';
import type { Picture } from '../../src/model/console.ts';

interface Props {
  readonly alarms: Picture['alarms'];
  /** Of lint, those that are no alarm. */
  readonly findings: number;
  readonly onLint: () => void;
}

export function Alarms({ alarms, findings, onLint }: Props) {
  return (
    <section aria-labelledby="alarms-title" class={alarms.length === 0 ? 'panel' : 'panel alarmed'}>
      <header>
        <h2 id="alarms-title">Alarms</h2>
        <button type="button" onClick={onLint}>
          Lint…
        </button>
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
      {findings > 0 && (
        <p class="warning">
          lint has {findings} more finding{findings === 1 ? '' : 's'}, no alarm{findings === 1 ? '' : 's'}
        </p>
      )}
    </section>
  );
}
