import type { NodeId } from '../../../../src/model/pair.ts';
import { type Mark, recordSchema, type Timeline, type TimelineRecord } from '../../../../src/model/timeline.ts';

export const BOOT: Readonly<Record<NodeId, string>> = { a: 'aaaaaaaaaaaaaaaa', b: 'bbbbbbbbbbbbbbbb' };

export const mark = (at: number, what: Mark['what'], more: Partial<Mark> = {}): Mark => ({
  at,
  what,
  subject: '',
  value: 0,
  count: 1,
  ...more,
});

/** A sound record of `node`; what is not given is quiet. */
export const record = (node: NodeId, more: Partial<TimelineRecord> = {}): TimelineRecord =>
  recordSchema.parse({
    id: `${BOOT[node]}-1`,
    node,
    boot: BOOT[node],
    twinBoot: BOOT[node === 'a' ? 'b' : 'a'],
    at: 1_700_000_000_000,
    from: 'standby',
    to: 'active',
    term: 2,
    cause: 'peer-silent',
    evidence: 'as told',
    steps: { suspected: 0, installed: 60 },
    monotonic: 10_060,
    firstSign: 10_000,
    complete: true,
    links: [],
    marks: [],
    beats: { sent: [], heard: [] },
    ...more,
  });

export const timeline = (node: NodeId, ...records: TimelineRecord[]): Timeline => ({ node, records });
