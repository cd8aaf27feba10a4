import {
  CLOSED,
  CONSOLE,
  type ConsoleQuestion,
  type ConsoleRefusal,
  consoleMessage,
  type Picture,
} from '../../src/model/console.ts';
import { patch } from '../../src/model/diff.ts';

/** Between two tries to connect. */
const RETRY_MS = 1_000;
/** The router says something every second; a connection that is silent for so long is dead. */
const SILENT_MS = 8_000;
/** Signs of a person are told this seldom. */
const HERE_MS = 60_000;

export interface Shown {
  readonly picture: Picture;
  /** How old it was when it came, by the router's clock. */
  readonly ageMs: number;
  /** This page's own monotonic ms when it came. */
  readonly at: number;
}

export type Link = 'connecting' | 'open' | 'lost';

export interface Events {
  /** A picture, undefined when what was shown is not to be built on. */
  picture(shown: Shown): void;
  link(link: Link): void;
  /** The session is over. */
  ended(): void;
}

/** Thrown by `ask`; what the router said. */
export class Refused extends Error {
  readonly refusal: ConsoleRefusal;
  constructor(refusal: ConsoleRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

const lost: ConsoleRefusal = {
  code: 'unreachable',
  message: 'the connection to the router broke off before its answer',
  remedy: 'see in the events whether it was done',
};

interface Waiting {
  readonly done: (result: unknown) => void;
  readonly failed: (error: Refused) => void;
}

/** The page's end of the WebSocket: comes back by itself, rebuilds the picture from snapshot and changes. */
export class Connection {
  readonly #events: Events;
  readonly #waiting = new Map<number, Waiting>();
  #socket: WebSocket | undefined;
  #next = 1;
  #revision = 0;
  #picture: Picture | undefined;
  #heard = 0;
  #told = 0;
  #over = false;
  readonly #watch: number;

  constructor(events: Events) {
    this.#events = events;
    this.#watch = window.setInterval(() => {
      if (this.#socket?.readyState === WebSocket.OPEN && performance.now() - this.#heard > SILENT_MS) this.#lose();
    }, 1_000);
    this.#open();
  }

  /** The answer's result. Rejects with Refused. */
  ask(question: ConsoleQuestion): Promise<unknown> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN)
      return Promise.reject(new Refused({ ...lost, remedy: 'wait until the page is connected' }));
    const id = this.#next++;
    socket.send(JSON.stringify({ ...question, id }));
    return new Promise((done, failed) => this.#waiting.set(id, { done, failed }));
  }

  /** A person did something: the session is not idle. */
  here(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN || performance.now() - this.#told < HERE_MS) return;
    this.#told = performance.now();
    this.ask({ do: 'here' }).catch(() => {});
  }

  close(): void {
    this.#over = true;
    window.clearInterval(this.#watch);
    this.#socket?.close();
  }

  #open(): void {
    this.#events.link('connecting');
    const socket = new WebSocket(`wss://${location.host}${CONSOLE.paths.live}`);
    this.#socket = socket;
    this.#heard = performance.now();
    socket.onopen = () => {
      this.#events.link('open');
    };
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket) this.#hear(String(data));
    };
    socket.onclose = ({ code }) => {
      if (this.#socket !== socket) return;
      if (code === CLOSED.session) this.#end();
      else this.#lose();
    };
  }

  /** The old socket counts no more, whatever it still says. */
  #lose(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    for (const { failed } of this.#waiting.values()) failed(new Refused(lost));
    this.#waiting.clear();
    if (this.#over) return;
    this.#events.link('lost');
    window.setTimeout(() => void this.#again(), RETRY_MS);
  }

  /** A refused handshake does not say why: first ask whether somebody is logged in. */
  async #again(): Promise<void> {
    if (this.#over) return;
    try {
      const state = await fetch(CONSOLE.paths.session, { signal: AbortSignal.timeout(5_000) });
      if (!state.ok) throw new Error(String(state.status));
      if (((await state.json()) as { loggedIn: boolean }).loggedIn) this.#open();
      else this.#end();
    } catch {
      window.setTimeout(() => void this.#again(), RETRY_MS);
    }
  }

  #end(): void {
    this.close();
    this.#events.ended();
  }

  #hear(data: string): void {
    this.#heard = performance.now();
    const message = consoleMessage.parse(JSON.parse(data));
    switch (message.type) {
      case 'snapshot':
        this.#show(message.revision, message.picture, message.ageMs);
        return;
      case 'diff':
        if (this.#picture !== undefined && message.revision === this.#revision + 1) {
          this.#show(message.revision, patch(this.#picture, message.changes) as Picture, message.ageMs);
        } else this.ask({ do: 'snapshot' }).catch(() => {});
        return;
      case 'answer':
        this.#waiting.get(message.id)?.done(message.result);
        this.#waiting.delete(message.id);
        return;
      case 'refusal':
        if (message.id === null) return;
        this.#waiting.get(message.id)?.failed(new Refused(message.error));
        this.#waiting.delete(message.id);
        return;
    }
  }

  #show(revision: number, picture: Picture, ageMs: number): void {
    this.#revision = revision;
    this.#picture = picture;
    this.#events.picture({ picture, ageMs, at: this.#heard });
  }
}
