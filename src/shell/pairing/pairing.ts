import * as z from 'zod';
import { createGiver, OFFER_MS, stepGiver } from '../../core/pairing/giver.ts';
import { createTaker, stepTaker } from '../../core/pairing/taker.ts';
import type { PairingEnd, RunKey } from '../../core/pairing/types.ts';
import type { Reply, Taken } from '../../core/setup/index.ts';
import { parseDocument } from '../../model/parseDocument.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PairingLine } from '../../ports/pairing.ts';
import type { Pairing } from '../setup/ports.ts';
import { converse } from './converse.ts';

/** Characters of a document that goes over the serial line, which carries some 2 kB/s beside the beats. */
const MAX_DOCUMENT = 200_000;

const giftSchema = z.object({
  twin: z.enum(['a', 'b']),
  document: z.string().max(MAX_DOCUMENT),
  key: z.string().regex(/^[0-9a-f]{64}$/),
  password: z.string().max(1_000).optional(),
});

export interface PairingPorts {
  readonly clock: Clock;
  newCode(): string;
  newRun(): Uint8Array;
  newRunKey(): RunKey;
  /** The line as the pair lane holds it, which beats on it meanwhile. */
  laneLine(): PairingLine;
  /** The line itself: on an unconfigured box nobody holds it. */
  ownLine(path: string, baud: number): PairingLine;
  gift(): Promise<Taken>;
}

export function createPairing(ports: PairingPorts): Pairing {
  const { clock } = ports;

  async function offer(gift: Taken, tell: (lines: readonly string[]) => void, signal: AbortSignal): Promise<Reply> {
    if (gift.document.length > MAX_DOCUMENT) {
      return failed([
        `the document has more than ${MAX_DOCUMENT} characters`,
        '  remedy: copy it to the second box by hand',
      ]);
    }
    const parsed = parseDocument(gift.document);
    if (parsed.ok && !parsed.document.heartbeat.links.includes('serial')) {
      return failed([
        'the document names no serial link',
        '  remedy: add serial to heartbeat.links, or copy document and key by hand',
      ]);
    }
    const code = ports.newCode();
    tell([
      '',
      'the second box: choose second in its wizard, and give it this code on its console.',
      `code: ${code.slice(0, 4)}-${code.slice(4)}`,
      `it holds for ${OFFER_MS / 60_000} minutes; Ctrl-C ends that.`,
    ]);
    const bytes = new TextEncoder().encode(JSON.stringify(gift));
    const giver = createGiver(code, bytes, ports.newRunKey, clock.now());
    const end = await converse(clock, ports.laneLine(), giver, stepGiver, signal);
    return end === 'stopped' ? failed(['pairing was stopped']) : offered(end);
  }

  return {
    offer,
    gift: ports.gift,
    async take({ code, line, baud }, signal) {
      const taker = createTaker(ports.newRun(), ports.newRunKey(), code, clock.now());
      const end = await converse(clock, ports.ownLine(line, baud), taker, stepTaker, signal);
      return end === 'stopped' ? failed(['pairing was stopped']) : taken(end);
    },
  };
}

const failed = (lines: readonly string[]): Reply => ({ ok: false, lines });

const WHY: Readonly<Record<Extract<PairingEnd, { ok: false }>['reason'], readonly string[]>> = {
  'wrong-code': ['the first box refused that code', '  remedy: type the code that it shows now'],
  'too-many-tries': ['three wrong codes: this one is dead', '  remedy: begin again with pair in the menu'],
  nobody: [
    'nobody answered on the serial line',
    '  remedy: see that the null-modem cable is in, and that the first box shows a code',
  ],
  refused: ['what came on the serial line is no key', '  remedy: see who else is on the cable, and try again'],
  damaged: ['what came could not be opened', '  remedy: try again; see who else is on the cable'],
};

const offered = (end: PairingEnd): Reply =>
  end.ok ? { ok: true, lines: ['the second box has the document and the key'] } : failed(WHY[end.reason]);

function taken(end: PairingEnd): Reply {
  if (!end.ok) return failed(WHY[end.reason]);
  const read = giftSchema.safeParse(parsed(end.gift));
  if (!read.success) return failed(['what came is no document and key', '  remedy: both boxes need the same release']);
  const { twin, document, key, password } = read.data;
  return { ok: true, lines: ['document and key have come'], taken: { twin, document, key, password } };
}

function parsed(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
