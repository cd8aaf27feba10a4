import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ending, MAX_WORDS, parseEndings } from '../src/model/ending.ts';

/** Bytes of the file that are read; the units stop writing at half of that. */
const MAX_BYTES = 8192;

const endedFile = 'ended';
const wordsFile = (unit: string): string => `${unit}.words`;

/**
 * Has this process leave its last words for whoever looks why it ended: of an error that nobody caught, or when it gives up.
 * @param unit `pair` or `controller`, as in the unit's ExecStopPost.
 * @returns what writes them; never throws.
 */
export function leaveLastWords(folder: string, unit: 'pair' | 'controller'): (text: string) => void {
  const leave = (text: string): void => {
    try {
      writeFileSync(join(folder, wordsFile(unit)), text.slice(0, MAX_WORDS), { mode: 0o600 });
    } catch {
      // The process ends all the same, and the journal has what it said.
    }
  };
  process.on('uncaughtExceptionMonitor', (error) => leave(lastWords(error)));
  return leave;
}

/** The error, and the place in the code that threw it. */
function lastWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frame = error.stack?.split('\n').find((line) => line.startsWith('    at '));
  return `${error.name}: ${error.message.split('\n')[0]}${frame === undefined ? '' : ` (${frame.trim()})`}`;
}

/** What has ended since the last call, the oldest first; each is told once. Never throws. @param folder /run/tandem */
export function takeEndings(folder: string): readonly Ending[] {
  const endings = parseEndings(taken(join(folder, endedFile)).slice(0, MAX_BYTES));
  return endings.map((ending, index) => {
    const latest = endings.findLastIndex(({ process }) => process === ending.process) === index;
    const words = latest ? taken(join(folder, wordsFile(ending.process === 'pair lane' ? 'pair' : 'controller'))) : '';
    const line = words.replace(/[^\x20-\x7e]+/g, ' ').slice(0, MAX_WORDS);
    return line === '' ? ending : { ...ending, words: line };
  });
}

/** The file's text, which is gone then. */
function taken(path: string): string {
  try {
    // What a unit writes meanwhile begins the next file.
    renameSync(path, `${path}.taken`);
    const text = readFileSync(`${path}.taken`, 'utf8');
    rmSync(`${path}.taken`);
    return text;
  } catch {
    return '';
  }
}
