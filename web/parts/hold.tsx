import { useState } from 'preact/hooks';
import type { HoldResult } from '../../src/model/control.ts';
import { MAX_REASON, type NodeId } from '../../src/model/pair.ts';
import { useAsking } from './asking.ts';
import type { Ask } from './console.tsx';
import { Dialog } from './dialog.tsx';
import { Refusal } from './refusal.tsx';

interface Props {
  readonly node: NodeId;
  readonly held: boolean;
  /** It has the floats. */
  readonly serves: boolean;
  readonly ask: Ask;
  readonly onClose: () => void;
}

/** What follows from it (core/failover/hold.ts). */
function meaning(node: NodeId, resumes: boolean, serves: boolean): string {
  if (resumes) return `${node} takes the floats and gives them up by itself again.`;
  if (!serves) return `Until it is resumed, ${node} takes no floats: nobody stands in for the twin.`;
  return `Until it is resumed, ${node} gives the floats up neither when asked nor when one of its NICs fails; the twin takes them all the same when ${node} falls silent.`;
}

/** Holds this page's router, or ends its hold: what it means, and on confirmation what came of it. */
export function HoldDialog({ node, held, serves, ask, onClose }: Props) {
  const { busy, refusal, attempt } = useAsking();
  const [reason, setReason] = useState('');
  const [said, setSaid] = useState<string>();
  // Of the moment at which it was opened: an answer turns the picture round behind it.
  const [resumes] = useState(held);
  const confirm = () =>
    attempt(async () => {
      const result = await ask(resumes ? { do: 'resume' } : { do: 'hold', reason: reason.trim() });
      setSaid((result as HoldResult).text);
    });

  return (
    <Dialog title={resumes ? `Resume router ${node}` : `Hold router ${node}`} onClose={onClose}>
      {said !== undefined && <p role="status">{said}</p>}
      {said === undefined && <p>{meaning(node, resumes, serves)}</p>}
      {said === undefined && !resumes && (
        <label>
          reason{' '}
          <input
            type="text"
            maxLength={MAX_REASON}
            placeholder="new cable"
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
      )}
      {refusal !== undefined && <Refusal refusal={refusal} />}
      <footer>
        <button type="button" onClick={onClose}>
          {said === undefined ? 'Cancel' : 'Close'}
        </button>
        {said === undefined && (
          <button type="button" class="primary" disabled={busy} onClick={confirm}>
            {resumes ? 'Resume' : 'Hold'}
          </button>
        )}
      </footer>
    </Dialog>
  );
}
