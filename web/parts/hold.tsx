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
  readonly ask: Ask;
  readonly onClose: () => void;
}

/** Holds this page's router, or ends its hold: what it means, and on confirmation what came of it. */
export function HoldDialog({ node, held, ask, onClose }: Props) {
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
      {said === undefined && (
        <p>
          {resumes
            ? `${node} takes the floats again when the twin fails, and gives them up by itself.`
            : `Until it is resumed, ${node} neither takes the floats nor gives them up by itself: a failure of the twin is not
               covered. A hand-over by word still goes.`}
        </p>
      )}
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
