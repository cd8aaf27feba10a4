import type { ConsoleRefusal } from '../../src/model/console.ts';

type Fault = NonNullable<ConsoleRefusal['faults']>[number];

export function Faults({ faults }: { readonly faults: readonly Fault[] }) {
  return (
    <ul class="faults">
      {faults.map(({ path, value, remedy }) => (
        <li key={`${path} ${remedy}`}>
          <code>{path}</code>: <code>{value}</code> — {remedy}
        </li>
      ))}
    </ul>
  );
}

/** What was refused, every fault, and what to do about it. */
export function Refusal({ refusal }: { readonly refusal: ConsoleRefusal }) {
  const { code, message, remedy, faults = [] } = refusal;
  return (
    <div class="refusal" role="alert">
      <p>
        <strong>{code}</strong>: {message}
      </p>
      {faults.length > 0 && <Faults faults={faults} />}
      {remedy !== undefined && <p>remedy: {remedy}</p>}
    </div>
  );
}
