import { type Finding, someOf } from '../../model/lint.ts';
import type { NicFigures } from '../../model/nic.ts';
import type { Side } from '../../model/pair.ts';
import { looked, type Sample } from './window.ts';

/** How well the NICs work: what they negotiated, how often the carrier changed, and what came damaged. */

/** One NIC of this box, and the twin's of the same side where its figures are known. */
export interface NicLook {
  readonly side: Side;
  readonly device: string;
  readonly own: NicFigures;
  readonly twin?: NicFigures | undefined;
}

const speedWords = (speed: number): string => (speed >= 1000 ? `${speed / 1000} Gbit/s` : `${speed} Mbit/s`);

/** Half duplex, and a speed below the twin's. What the driver does not say is not judged. */
export function negotiated(nics: readonly NicLook[]): Finding[] {
  return nics.flatMap(({ device, side, own, twin }): Finding[] => {
    if (!own.carrier) return [];
    const found: Finding[] = [];
    if (own.duplex === 'half') {
      const speed = own.speed === null ? '' : ` at ${speedWords(own.speed)}`;
      found.push({ code: 'nic-half-duplex', subject: device, text: `${device} runs at half duplex${speed}` });
    }
    if (own.speed !== null && twin?.carrier === true && twin.speed !== null && own.speed < twin.speed) {
      const text = `${device} has ${speedWords(own.speed)}, the twin’s NIC of the ${side} side ${speedWords(twin.speed)}`;
      found.push({ code: 'nic-slow', subject: device, text });
    }
    return found;
  });
}

/** Looked back over, ms; an alarm ends when nothing has happened for so long. */
export const SPAN_MS = 60_000;
/** Changes of the carrier: three downs and ups. */
const FLAPS = 6;
/** Damaged or missed packets, and their share of all. */
const ERRORS = 10;
const ERROR_SHARE = 1e-4;

/** What is remembered of one NIC. */
export interface NicWatch {
  readonly samples: readonly Sample<NicFigures>[];
  readonly flaps: boolean;
  readonly errors: boolean;
}

const unseen: NicWatch = { samples: [], flaps: false, errors: false };

/** Counters of a device that came anew begin anew. */
const isAnew = (last: NicFigures | undefined, now: NicFigures): boolean =>
  last !== undefined && (now.packets < last.packets || now.carrierChanges < last.carrierChanges);

/** @param now monotonic ms; looks are some seconds apart. */
export function watchNic(before: NicWatch | undefined, figures: NicFigures, now: number): NicWatch {
  const last = before?.samples.at(-1)?.value;
  const known = before === undefined || isAnew(last, figures) ? unseen : before;
  const samples = looked(known.samples, figures, now, SPAN_MS);
  const { flaps, errors, packets } = grownIn(samples);
  return {
    samples,
    flaps: flaps >= FLAPS || (known.flaps && flaps > 0),
    errors: (errors >= ERRORS && errors >= packets * ERROR_SHARE) || (known.errors && errors > 0),
  };
}

function grownIn(samples: readonly Sample<NicFigures>[]) {
  const [first, last] = [samples[0]!.value, samples.at(-1)!.value];
  const by = (of: (figures: NicFigures) => number): number => of(last) - of(first);
  return {
    flaps: by(({ carrierChanges }) => carrierChanges),
    errors: by(({ errors, missed }) => errors + missed),
    packets: by(({ packets }) => packets),
    kinds: [
      [by(({ errors, badChecksums }) => errors - badChecksums), 'damaged or unsent'],
      [by(({ badChecksums }) => badChecksums), 'with bad checksums'],
      [by(({ missed }) => missed), 'missed'],
    ] as const,
  };
}

/** @param watches by device */
export function nicTroubles(watches: ReadonlyMap<string, NicWatch>): Finding[] {
  return [...watches].flatMap(([device, { samples, flaps, errors }]): Finding[] => {
    if (!flaps && !errors) return [];
    const grown = grownIn(samples);
    const found: Finding[] = [];
    if (flaps) {
      const text = `the carrier of ${device} changed ${grown.flaps} times in the last minute`;
      found.push({ code: 'nic-flaps', subject: device, text });
    }
    if (errors) {
      const kinds = grown.kinds.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
      const text = `${device}: of ${grown.packets} packets in the last minute ${someOf(kinds)}`;
      found.push({ code: 'nic-errors', subject: device, text });
    }
    return found;
  });
}
