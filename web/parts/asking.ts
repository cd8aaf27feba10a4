import { useState } from 'preact/hooks';
import type { ConsoleRefusal } from '../../src/model/console.ts';
import { Refused } from '../live/connection.ts';

export interface Asking {
  readonly busy: boolean;
  /** Of the last try; undefined while nothing was refused. */
  readonly refusal: ConsoleRefusal | undefined;
  /** Runs work that asks the router; a refusal of it is kept, anything else thrown on. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
  /** The refusal is of something that is no longer asked. */
  readonly forget: () => void;
}

/** What a dialog knows of the question that it puts to the router. */
export function useAsking(): Asking {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<ConsoleRefusal>();
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setRefusal(error.refusal);
    } finally {
      setBusy(false);
    }
  };
  return { busy, refusal, attempt, forget: () => setRefusal(undefined) };
}
