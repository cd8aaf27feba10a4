import type { NodeId } from '../../../../src/model/pair.ts';
import { NODES } from '../../figure.ts';
import type { RackPort } from '../rack-port.ts';

/** @throws with what the box said when the command failed there. */
export async function inBox(rack: RackPort, box: NodeId, command: string): Promise<void> {
  const { code, stdout, stderr } = await rack.box(box).exec(command);
  if (code !== 0) throw new Error(`\`${command}\` on ${box} ended with ${code}: ${(stderr || stdout).trim()}`);
}

export const inBoth = async (rack: RackPort, command: string): Promise<void> => {
  await Promise.all(NODES.map((box) => inBox(rack, box, command)));
};

/**
 * A shell command line that sends a unit's main process a signal. A shell that does it by itself starts no program in a busy
 * guest.
 */
export const signal = (name: 'KILL' | 'STOP' | 'CONT', unit: string): string =>
  `read pid < /sys/fs/cgroup/system.slice/${unit}.service/cgroup.procs && kill -${name} $pid`;

/** Shell command lines: two endless loops, and their end. */
export const HOG = {
  begin: "systemd-run -q --collect --unit=hog sh -c 'while :; do :; done & while :; do :; done'",
  end: 'systemctl kill --signal=KILL hog',
} as const;

export const none = (): number => 0;
