import { useState } from 'preact/hooks';

interface Props {
  /** `web/s2` */
  readonly name: string;
  /** As the kernel has it, and as the document wants it. */
  readonly weight: number;
  readonly configured: number;
  readonly onSet: (weight: number) => void;
}

/** A real server's weight; a click turns it into a field for the document's. Enter sets it, Escape leaves it. */
export function Weight({ name, weight, configured, onSet }: Props) {
  const [written, setWritten] = useState<string>();
  if (written === undefined) {
    return (
      <button
        type="button"
        class="inline"
        aria-label={`change the weight of ${name}`}
        onClick={() => setWritten(String(configured))}
      >
        {weight}
      </button>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setWritten(undefined);
        onSet(Number(written));
      }}
      onKeyDown={(event) => event.key === 'Escape' && setWritten(undefined)}
    >
      <input
        type="number"
        min={0}
        max={65_535}
        step={1}
        required
        aria-label={`weight of ${name} in the document`}
        value={written}
        ref={(field) => field?.focus()}
        onInput={(event) => setWritten(event.currentTarget.value)}
      />
    </form>
  );
}
