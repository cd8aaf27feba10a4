import { readFileSync } from 'node:fs';
import { TandemError } from '../src/model/error.ts';
import { type Lane, laneSchema } from '../src/model/lane.ts';

/**
 * The lane's configuration as the controller last wrote it; undefined when there is none yet.
 * @throws TandemError `io` when it cannot be read or is not what a controller writes.
 */
export function readLane(path: string): Lane | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new TandemError('io', `${path} cannot be read`, { cause });
  }
  try {
    return laneSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new TandemError('io', `${path} does not hold a lane`, {
      remedy: 'apply the document again: `tandem show | tandem apply -`',
      cause,
    });
  }
}
