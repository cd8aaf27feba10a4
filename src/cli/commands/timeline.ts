import { type Story, storiesOf } from '../../core/timeline/story.ts';
import { TandemError } from '../../model/error.ts';
import { judge } from '../../model/judge.ts';
import type { LaneStatus } from '../../model/status.ts';
import { MAX_RECORD, MAX_RECORDS, type Timeline, type TimelineRecord, timelineSchema } from '../../model/timeline.ts';
import { ask } from '../../shell/lineClient.ts';
import { askController, isUnreachable, resultOf } from '../answer.ts';
import { ANSWER_MS, EXIT, type Io, laneSocket } from '../io.ts';
import { wholeOption } from '../numbers.ts';
import { storyLines } from '../print/timeline.ts';
import type { Command } from '../program.ts';
import { unreachable } from '../unreachable.ts';

/** The controller reads its records from the disk. */
const TIMELINE_MS = 5_000;
const STORIES = 3;
/** Characters of a twin's timeline: all its records, and their brackets. */
const MAX_TEXT = MAX_RECORDS * (MAX_RECORD + 64);

/** This box's records; where only the lane answers, its moves without what went before them. */
async function ownTimeline(io: Io, last: number): Promise<Timeline> {
  try {
    return await askController<Timeline>(io, { do: 'timeline', last }, TIMELINE_MS);
  } catch (silence) {
    if (!isUnreachable(silence)) throw silence;
    try {
      const lane = resultOf<LaneStatus>(await ask(laneSocket(io), { do: 'status' }, ANSWER_MS));
      io.err('the controller does not answer; these are the pair lane’s own moves, without what went before them');
      return {
        node: lane.node,
        records: lane.transitions
          .slice(0, last)
          .reverse()
          .map((head) => bare(head, lane.node)),
      };
    } catch (error) {
      throw isUnreachable(error) ? unreachable(silence, error) : error;
    }
  }
}

/** On the wall clock, for want of another. */
function bare(head: LaneStatus['transitions'][number], node: Timeline['node']): TimelineRecord {
  const firstSign = head.at - Math.max(0, ...Object.values(head.steps));
  const nothing = { links: [], marks: [], beats: { sent: [], heard: [] }, complete: false };
  return {
    ...head,
    ...nothing,
    restored: undefined,
    id: '',
    node,
    boot: '',
    twinBoot: '',
    monotonic: head.at,
    firstSign,
  };
}

/** The twin's records over the channel; undefined when it does not answer, which is said. */
async function askTwin(io: Io, own: Timeline): Promise<Timeline | undefined> {
  try {
    const request = { do: 'twin', question: { what: 'timeline', last: MAX_RECORDS } } as const;
    const parsed = timelineSchema.safeParse(await askController<unknown>(io, request, TIMELINE_MS));
    if (parsed.success && parsed.data.node !== own.node && parsed.data.records.every((one) => one.node !== own.node)) {
      return parsed.data;
    }
    io.err('what the twin answers is no timeline of it; this is this router’s part alone');
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    io.err('the twin does not answer; this is this router’s part alone');
  }
  return undefined;
}

/** @throws TandemError `bad-request` naming what in the file is not a timeline of the twin. */
function twinTimeline(io: Io, file: string, node: Timeline['node']): Timeline {
  const text = io.read(file);
  const remedy = 'give what `tandem timeline --json` printed on the twin';
  if (text.length > MAX_TEXT) {
    throw new TandemError('bad-request', `${file} has ${text.length} characters, at most ${MAX_TEXT} are one`, {
      remedy,
    });
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new TandemError('bad-request', `${file} is not JSON`, { remedy, cause });
  }
  const parsed = judge(timelineSchema, raw);
  if (!parsed.ok)
    throw new TandemError('bad-request', `${file} is not a timeline`, { remedy, faults: parsed.faults.slice(0, 20) });
  const strangers = parsed.data.records.filter((record) => record.node !== parsed.data.node);
  if (parsed.data.node === node || strangers.length > 0) {
    const whose = strangers.length > 0 ? 'of both routers' : `of ${node}, which is this router`;
    throw new TandemError('bad-request', `${file} has records ${whose}`, { remedy });
  }
  return parsed.data;
}

function storyText(stories: readonly Story[]): string {
  if (stories.length === 0) return 'the floats have not moved yet';
  return stories.map((story) => storyLines(story).join('\n')).join('\n\n');
}

export const command: Command = {
  options: { last: { type: 'string' }, with: { type: 'string' }, json: { type: 'boolean' } },
  words: [0, 0],
  async run(io, _words, options) {
    const last = wholeOption('last', options.last, MAX_RECORDS);
    const json = options.json === true;
    const file = options.with;
    const own = await ownTimeline(io, json && file === undefined ? (last ?? MAX_RECORDS) : MAX_RECORDS);
    if (json && file === undefined) {
      io.out(JSON.stringify(own));
      return EXIT.ok;
    }
    const twin = typeof file === 'string' ? twinTimeline(io, file, own.node) : await askTwin(io, own);
    const stories = storiesOf(own, twin).slice(-(last ?? (json ? MAX_RECORDS : STORIES)));
    io.out(json ? JSON.stringify(stories) : storyText(stories));
    return EXIT.ok;
  },
};
