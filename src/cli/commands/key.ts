import { setTimeout as wait } from 'node:timers/promises';
import type { LaneRequest } from '../../model/control.ts';
import type { KeysResult } from '../../model/keys.ts';
import { ask } from '../../shell/lineClient.ts';
import { resultOf } from '../answer.ts';
import { ANSWER_MS, EXIT, type Io, laneSocket, plain, UsageError } from '../io.ts';
import type { Command } from '../program.ts';

/** An exchange takes a second or two; a twin that just went away longer. */
const EXCHANGE_MS = 15_000;
const LOOK_MS = 250;

const asked = async (io: Io, request: LaneRequest): Promise<KeysResult> =>
  resultOf<KeysResult>(await ask(laneSocket(io), request, ANSWER_MS));

const USES = {
  signs: 'signs',
  next: 'accepted, signs once the twin has it',
  former: 'accepted until the twin signs with the other',
} as const;

function keyLine({ id, use, ageMs }: KeysResult['keys'][number]): string {
  const heard = ageMs === null ? 'no beat of the twin under it yet' : `the twin’s last beat under it ${ageMs} ms ago`;
  return `${plain(id)}  ${USES[use]}; ${heard}`;
}

const show = (io: Io, result: KeysResult, json: boolean): void =>
  io.out(json ? JSON.stringify(result) : result.keys.map(keyLine).join('\n'));

/** Tells each step as the lane makes it. */
async function rotate(io: Io, json: boolean): Promise<number> {
  let told = (await asked(io, { do: 'keys' })).steps;
  const until = performance.now() + EXCHANGE_MS;
  let result = await asked(io, { do: 'rotate-key', by: io.author });
  for (;;) {
    const news = result.steps.slice(told.length === 0 ? 0 : result.steps.lastIndexOf(told.at(-1)!) + 1);
    if (!json) for (const step of news) io.out(plain(step));
    told = result.steps;
    if (result.settled || performance.now() >= until) break;
    await wait(LOOK_MS);
    result = await asked(io, { do: 'keys' });
  }
  show(io, result, json);
  if (result.settled) return EXIT.ok;
  io.err(
    'the exchange is not at its end; it goes on by itself, and both boxes hear each other meanwhile: see tandem key',
  );
  return EXIT.failed;
}

export const command: Command = {
  options: { json: { type: 'boolean' } },
  needs: 'nothing, or rotate',
  words: [0, 1],
  async run(io, [what], options) {
    const json = options.json === true;
    if (what === 'rotate') return rotate(io, json);
    if (what !== undefined) throw new UsageError(`key takes no "${plain(what).slice(0, 40)}"; there is only rotate`);
    show(io, await asked(io, { do: 'keys' }), json);
    return EXIT.ok;
  },
};
