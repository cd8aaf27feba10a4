import {
  type Ask,
  initialSetup,
  type Nic,
  type Reply,
  type SetupEffect,
  type SetupEvent,
  type SetupState,
  step,
  wakeAt,
} from '../../../../src/core/setup/index.ts';

export const NICS: readonly Nic[] = [
  { device: 'eth0', mac: '02:7a:6d:00:00:02', carrier: true },
  { device: 'eth1', mac: '02:7a:6d:00:01:02', carrier: true },
];

export type Answers = Partial<{ [Do in Ask['do']]: (ask: Extract<Ask, { do: Do }>) => Reply | undefined }>;

/** The digest that the stand-in makes of a password. */
export const digestOf = (password: string): string => `digest of ${password.length} characters`;

const USUAL: Answers = {
  nics: () => ({ ok: true, lines: [], nics: NICS }),
  digest: ({ password }) => ({ ok: true, lines: [], text: digestOf(password) }),
  install: () => ({ ok: true, lines: ['revision 1 is in force'] }),
  heading: () => ({ ok: true, lines: ['router a: ACTIVE'] }),
};

/** Somebody at the serial console of a box that answers as told; `undefined` from an answer leaves the question open. */
export class Person {
  state: SetupState = initialSetup;
  screen = '';
  now = 0;
  saved = '';
  ended = false;
  readonly asked: Ask[] = [];
  readonly #answers: Answers;

  constructor(answers: Answers = {}) {
    this.#answers = { ...USUAL, ...answers };
  }

  /** The box is there, with or without a node file. */
  start(node?: 'a' | 'b', saved?: string): this {
    const box = { node, banner: 'Tandem' };
    return this.send({ type: 'start', box, ...(saved === undefined ? {} : { saved }) });
  }

  send(event: SetupEvent): this {
    const { state, effects } = step(this.state, event, this.now);
    this.state = state;
    for (const effect of effects) this.#run(effect);
    return this;
  }

  bytes(...bytes: number[]): this {
    return this.send({ type: 'bytes', bytes: Uint8Array.from(bytes) });
  }

  /** Keys as they stand, a tenth of a second each. */
  keys(text: string): this {
    for (const byte of new TextEncoder().encode(text)) {
      this.now += 100;
      this.bytes(byte);
    }
    return this;
  }

  /** Whole lines, each ended by Enter. */
  lines(...lines: readonly string[]): this {
    for (const line of lines) this.keys(`${line}\r`);
    return this;
  }

  /** Time goes by. */
  pass(ms: number): this {
    const until = this.now + ms;
    for (let at = wakeAt(this.state); at <= until; at = wakeAt(this.state)) {
      this.now = Math.max(this.now, at);
      this.send({ type: 'tick' });
    }
    this.now = until;
    return this;
  }

  /** What appears on the screen while `act` happens. */
  seen(act: (person: this) => unknown): string {
    const before = this.screen.length;
    act(this);
    return this.screen.slice(before);
  }

  count(what: Ask['do']): number {
    return this.asked.filter((ask) => ask.do === what).length;
  }

  #run(effect: SetupEffect): void {
    if (effect.type === 'print') this.screen += effect.text;
    else if (effect.type === 'save') this.saved = effect.text;
    else if (effect.type === 'end') this.ended = true;
    else if (effect.type === 'ask') {
      this.asked.push(effect.ask);
      const reply = (this.#answers[effect.ask.do] as ((ask: Ask) => Reply | undefined) | undefined)?.(effect.ask);
      if (reply !== undefined) this.send({ type: 'reply', id: effect.id, reply });
    }
  }
}

export const PASSWORD = 'correct horse battery';

/** What a person types into the first box of the rack's figure, up to the question whether to apply it. */
export const FIRST_BOX: readonly string[] = [
  'first',
  'rack',
  'a',
  'eth0',
  'eth1',
  '198.51.100.2/24',
  '192.0.2.2/24',
  '198.51.100.3/24',
  '192.0.2.3/24',
  '198.51.100.1',
  '198.51.100.10/24',
  '192.0.2.1/24',
  'web',
  'tcp',
  '80',
  '192.0.2.11:8080',
  '192.0.2.12:8080',
  '192.0.2.13:8080',
  '-',
  '/dev/ttyS1',
  '115200',
  '20',
  '100',
  PASSWORD,
  PASSWORD,
];
