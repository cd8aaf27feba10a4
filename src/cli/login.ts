import { readFileSync } from 'node:fs';

/** From which address somebody is logged in, and at which TCP port of this box. */
export interface Login {
  readonly address: string;
  readonly port: number;
}

/** Processes above this one that are looked at. */
const ANCESTORS = 32;

/** `CLIENT PORT SERVER PORT`, as sshd sets it (ssh(1), SSH_CONNECTION). */
export function readConnection(text: string | undefined): Login | undefined {
  const [address = '', , , port = ''] = (text ?? '').split(' ');
  const number = Number(port);
  if (address === '' || address.length > 45 || !Number.isInteger(number) || number < 1 || number > 65_535)
    return undefined;
  return { address, port: number };
}

/**
 * Of this process, or of the next one above it that knows: sudo(8) takes the variable away, and the shell before it has it still.
 * @param proc another folder for tests
 */
export function loginOf(env: NodeJS.ProcessEnv, pid = process.ppid, proc = '/proc'): Login | undefined {
  const own = readConnection(env.SSH_CONNECTION);
  if (own !== undefined) return own;
  let at = pid;
  for (let count = 0; count < ANCESTORS && at > 1; count += 1) {
    try {
      const words = readFileSync(`${proc}/${at}/environ`, 'latin1').split('\0');
      const found = readConnection(words.find((word) => word.startsWith('SSH_CONNECTION='))?.slice(15));
      if (found !== undefined) return found;
      // Behind the name in parentheses, which may hold blanks and parentheses itself (proc_pid_stat(5)): state, parent.
      const stat = readFileSync(`${proc}/${at}/stat`, 'latin1');
      at = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    } catch {
      return undefined;
    }
  }
  return undefined;
}
