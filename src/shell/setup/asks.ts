import type { Ask, Installation, Reply } from '../../core/setup/index.ts';
import type {
  ApplyResult,
  ControllerRequest,
  EventsResult,
  HandOverPlan,
  HandOverResult,
  PlanResult,
  ShowResult,
} from '../../model/control.ts';
import { TandemError } from '../../model/error.ts';
import { heldWords } from '../../model/heldWords.ts';
import { preparedPassword } from '../../model/password.ts';
import { type Status, statusSchema } from '../../model/status.ts';
import { createAdminPassword } from '../controller/adminPassword.ts';
import { resultOf } from '../lineClient.ts';
import type { SetupPorts } from './ports.ts';
import { failure } from './replies.ts';

/** Longest waits, ms. A controller that has just been started on a slow box needs most of a minute. */
const ANSWER_MS = 5_000;
const CHANGE_MS = 30_000;
const FIRST_ANSWER_MS = 180_000;
const RETRY_MS = 1_000;

const AUTHOR = 'console';

/** Does what the conversation asks of the box, and always answers. */
export function createAsks(
  ports: SetupPorts,
): (ask: Ask, tell: (lines: readonly string[]) => void, signal: AbortSignal) => Promise<Reply> {
  const password = createAdminPassword({ hasher: ports.hasher, store: ports.passwords });

  const controller = async <T>(request: ControllerRequest, timeoutMs = ANSWER_MS): Promise<T> =>
    resultOf<T>(await ports.askController(request, timeoutMs));

  const pause = (ms: number): Promise<void> =>
    new Promise((done) => {
      ports.clock.at(ports.clock.now() + ms, done);
    });

  const status = async (services?: string[]): Promise<Status> =>
    statusSchema.parse(await controller({ do: 'status', ...(services === undefined ? {} : { services }) }));

  /** The newest revision, once the controller has one. */
  async function inForce(signal: AbortSignal): Promise<ShowResult> {
    const until = ports.clock.now() + FIRST_ANSWER_MS;
    for (;;) {
      try {
        return await controller<ShowResult>({ do: 'show' });
      } catch (error) {
        if (ports.clock.now() > until || signal.aborted) throw error;
        await pause(RETRY_MS);
      }
    }
  }

  async function install(
    box: Installation,
    tell: (lines: readonly string[]) => void,
    signal: AbortSignal,
  ): Promise<Reply> {
    await ports.install(box);
    tell(['this box is configured; its services start, which takes a minute on a slow one']);
    // From here on the box is a router, whatever its services say.
    try {
      await ports.startService();
      const { revision } = await inForce(signal);
      return { ok: true, lines: [`revision ${revision} is in force`] };
    } catch (error) {
      return { ok: true, lines: [...failure(error).lines, 'the services did not answer: look at the status later'] };
    }
  }

  async function plan(text: string): Promise<Reply> {
    const { changed, steps, breaks, drains, warnings } = await controller<PlanResult>({ do: 'plan', text });
    if (!changed) return { ok: false, lines: ['this is what is in force already: nothing to do'] };
    const noted = warnings.map(({ path, value, remedy }) => `warning: ${path}: ${value} — ${remedy}`);
    const effect = [`it breaks ${breaks} connections and lets ${drains} run out`];
    return { ok: true, lines: [...noted, ...steps.map((line) => `  ${line}`), ...effect] };
  }

  async function apply(text: string): Promise<Reply> {
    const result = await controller<ApplyResult>({ do: 'apply', text, author: AUTHOR }, CHANGE_MS);
    const refused = result.refused.map((refusal) => `the kernel refused: ${refusal}`);
    return { ok: true, lines: [`revision ${result.revision} is in force ${heldWords(result)}`, ...refused] };
  }

  async function login(text: string): Promise<Reply> {
    return (await password.matches(text))
      ? { ok: true, lines: [] }
      : { ok: false, lines: ['that is not the password'] };
  }

  async function change(current: string, fresh: string): Promise<Reply> {
    if (!(await password.matches(current)))
      return { ok: false, lines: ['that is not the password in force; nothing was changed'] };
    await controller({ do: 'password', password: fresh, author: AUTHOR }, CHANGE_MS);
    return { ok: true, lines: ['the password was changed; everybody is logged out of the web console'] };
  }

  async function factoryReset(): Promise<Reply> {
    const lines: string[] = [];
    try {
      lines.push((await controller<HandOverResult>({ do: 'hand-over', force: true }, CHANGE_MS)).text);
    } catch (error) {
      // Whoever typed the words was told that a box without a twin cuts its clients off.
      if (!(error instanceof TandemError)) throw error;
      lines.push(`the floats were not handed over: ${error.message}`);
    }
    await ports.forget();
    await ports.restart();
    return { ok: true, lines: [...lines, 'the box forgets everything and restarts'] };
  }

  async function handOverPlan(): Promise<Reply> {
    const { refusal, remedy, steps, facts = [] } = await controller<HandOverPlan>({ do: 'hand-over-plan' });
    if (refusal !== null) {
      const help = remedy === undefined ? [] : [`remedy: ${remedy}`];
      return { ok: false, lines: [...facts, `a hand-over would be refused: ${refusal}`, ...help] };
    }
    return { ok: true, lines: [...facts, ...steps.map((line, index) => `${index + 1}. ${line}`)] };
  }

  async function answer(ask: Ask, tell: (lines: readonly string[]) => void, signal: AbortSignal): Promise<Reply> {
    switch (ask.do) {
      case 'nics':
        return { ok: true, lines: [], nics: await ports.nics() };
      case 'digest':
        return { ok: true, lines: [], text: await ports.hasher.hash(preparedPassword(ask.password)) };
      case 'install':
        return install(ask.box, tell, signal);
      case 'offer':
        return ports.pairing.offer(await ports.pairing.gift(), tell, signal);
      case 'take':
        return ports.pairing.take(ask, signal);
      case 'heading':
        return { ok: true, lines: ports.words.heading(await status([])) };
      case 'login':
        return login(ask.password);
      case 'status':
        return { ok: true, lines: ports.words.status(await status()) };
      case 'log':
        return {
          ok: true,
          lines: ports.words.events(await controller<EventsResult>({ do: 'events', limit: ask.limit })),
        };
      case 'document':
        return { ok: true, lines: [], text: (await controller<ShowResult>({ do: 'show' })).text };
      case 'plan':
        return plan(ask.document);
      case 'apply':
        return apply(ask.document);
      case 'hand-over-plan':
        return handOverPlan();
      case 'hand-over':
        return { ok: true, lines: [(await controller<HandOverResult>({ do: 'hand-over' }, CHANGE_MS)).text] };
      case 'password':
        return change(ask.current, ask.fresh);
      case 'restart':
        await ports.restart();
        return { ok: true, lines: ['the box restarts'] };
      case 'factory-reset':
        return factoryReset();
    }
  }

  return (ask, tell, signal) => answer(ask, tell, signal).catch(failure);
}
