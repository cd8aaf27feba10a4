import { alarmGroups } from '../../src/model/alarmGroups.ts';
import type { Picture } from '../../src/model/console.ts';

interface Props {
  readonly alarms: Picture['alarms'];
  /** Of lint, those that are no alarm. */
  readonly findings: number;
  readonly onLint: () => void;
}

export function Alarms({ alarms, findings, onLint }: Props) {
  const groups = alarmGroups(alarms);
  return (
    <section aria-labelledby="alarms-title" class={`panel ${groups[0]?.severity ?? ''}`.trim()}>
      <header>
        <h2 id="alarms-title">Alarms</h2>
        <button type="button" onClick={onLint}>
          Lint…
        </button>
      </header>
      <ul class="alarms" aria-live="polite">
        {groups.length === 0 && <li class="quiet">none</li>}
        {groups.map(({ code, severity, shown, more, remedy }) => (
          <li key={code} class={severity}>
            {shown.map(({ subject, text }) => (
              <div key={subject}>
                <strong>
                  {severity} {code}
                  {subject === '' ? '' : ` ${subject}`}
                </strong>
                : {text}
              </div>
            ))}
            {more > 0 && <div>and {more} more like these</div>}
            {remedy !== undefined && <div class="quiet">remedy: {remedy}</div>}
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
