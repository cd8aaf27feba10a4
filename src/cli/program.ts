import { parseArgs } from 'node:util';
import { TandemError } from '../model/error.ts';
import { nearest } from '../model/faults.ts';
import { VERSION } from '../model/version.ts';
import { HELP } from './help.ts';
import { EXIT, type Io, plain, UsageError } from './io.ts';
import { faultLines } from './print/faults.ts';

/** What a command's own file exports. */
export interface Command {
  readonly options: Readonly<Record<string, { readonly type: 'boolean' | 'string' }>>;
  /** What the words are, for who leaves them out; a file unless told. */
  readonly needs?: string;
  /** How many words may follow it. */
  readonly words: readonly [least: number, most: number];
  /** Answers the exit code. */
  readonly run: (io: Io, words: readonly string[], options: Options) => Promise<number>;
}

export type Options = Readonly<Record<string, string | boolean | undefined>>;

/** Loaded when asked for: `status` must not wait for the schemas that `check` needs. */
const COMMANDS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  status: () => import('./commands/status.ts'),
  show: () => import('./commands/show.ts'),
  apply: () => import('./commands/apply.ts'),
  set: () => import('./commands/set.ts'),
  explain: () => import('./commands/explain.ts'),
  plan: () => import('./commands/plan.ts'),
  lint: () => import('./commands/lint.ts'),
  events: () => import('./commands/events.ts'),
  top: () => import('./commands/top.ts'),
  stats: () => import('./commands/stats.ts'),
  timeline: () => import('./commands/timeline.ts'),
  drift: () => import('./commands/drift.ts'),
  drain: () => import('./commands/drain.ts'),
  enable: () => import('./commands/enable.ts'),
  key: () => import('./commands/key.ts'),
  password: () => import('./commands/password.ts'),
  hold: () => import('./commands/hold.ts'),
  resume: () => import('./commands/resume.ts'),
  links: () => import('./commands/links.ts'),
  'hand-over': () => import('./commands/handOver.ts'),
  check: () => import('./commands/check.ts'),
  schema: () => import('./commands/schema.ts'),
};

async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) throw new UsageError('say what to do');
  if (name === 'help' || rest.includes('--help') || name === '--help' || name === '-h') {
    io.out(HELP);
    return EXIT.ok;
  }
  if (name === '--version' || name === 'version') {
    io.out(`tandem ${VERSION}`);
    return EXIT.ok;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    const meant = nearest(name, [...Object.keys(COMMANDS), 'help']);
    throw new UsageError(
      `there is no command "${plain(name).slice(0, 40)}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
    );
  }
  const { command } = await load();
  const { words, options } = parse(name, command, rest);
  return command.run(io, words, options);
}

function parse(name: string, command: Command, rest: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({
      args: [...rest],
      options: { ...command.options },
      allowPositionals: true,
    });
    const [least, most] = command.words;
    if (positionals.length < least)
      throw new UsageError(`${name} needs ${command.needs ?? 'the name of a file, or - for standard input'}`);
    if (positionals.length > most) throw new UsageError(`${name} takes no "${positionals[most]}"`);
    return { words: positionals, options: values as Options };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function report(io: Io, error: unknown): number {
  if (error instanceof UsageError) {
    io.err(`tandem: ${error.message}\n  remedy: see \`tandem help\``);
    return EXIT.usage;
  }
  if (!(error instanceof TandemError)) {
    io.err(`tandem: internal: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    io.err('  remedy: report this with the text above');
    return EXIT.failed;
  }
  io.err(`tandem: ${error.code}: ${plain(error.message)}`);
  for (const line of faultLines(error.faults)) io.err(line);
  if (error.remedy !== undefined) io.err(`  remedy: ${plain(error.remedy)}`);
  return error.code === 'unreachable' ? EXIT.unreachable : EXIT.failed;
}

/** Runs one command line, without the program's own name, and answers its exit code (see `HELP`). Never throws. */
export async function runProgram(args: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    return report(io, error);
  }
}
