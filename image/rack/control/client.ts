import { connect } from 'node:net';
import { TandemError } from '../../../src/model/error.ts';
import { bytesOf, dataOf, encode, Frames, type Tell } from './frames.ts';

/** Ctrl-] */
const LEAVE = 0x1d;

export interface CallOptions {
  /** The terminal's keys go through as they are, and Ctrl-] leaves. */
  readonly raw: boolean;
  /** Standard input belongs to the command. */
  readonly input: boolean;
}

/**
 * Has the running rack do something, with this process's standard input, output and error. Resolves with the exit code;
 * undefined when no rack listens there.
 * @throws TandemError `unreachable` when the rack goes away in the middle.
 */
export function call(path: string, argv: readonly string[], options: CallOptions): Promise<number | undefined> {
  const { stdin, stdout, stderr } = process;
  const raw = options.raw && stdin.isTTY;
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const frames = new Frames<Tell>();
    let connected = false;
    let code: number | undefined;
    const leave = (): void => {
      code = 0;
      socket.destroy();
    };
    const type = (bytes: Buffer): void => {
      const end = raw ? bytes.indexOf(LEAVE) : -1;
      if (end < 0) socket.write(encode({ type: 'in', data: dataOf(bytes) }));
      else leave();
    };
    const ended = () => socket.writable && socket.write(encode({ type: 'end' }));
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      connected = true;
      socket.write(encode({ type: 'run', argv }));
      if (!options.input) return;
      if (raw) stdin.setRawMode(true);
      stdin.on('data', type);
      stdin.on('end', ended);
    });
    socket.on('data', (text: string) => {
      for (const frame of frames.push(text)) {
        if (frame.type === 'exit') code = frame.code;
        else (frame.type === 'out' ? stdout : stderr).write(bytesOf(frame.data));
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      if (connected && options.input) {
        if (raw) stdin.setRawMode(false);
        stdin.off('data', type);
        stdin.off('end', ended);
        stdin.pause();
      }
      if (!connected) resolve(undefined);
      else if (code !== undefined) resolve(code);
      else reject(new TandemError('unreachable', 'the rack went away', { remedy: 'start it with `npm run rack`' }));
    });
  });
}
