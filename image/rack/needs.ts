import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { TandemError } from '../../src/model/error.ts';
import { needPackages } from '../host/packages.ts';

const TUN = '/dev/net/tun';

/** Everything the world is made of, once and at once gone again. */
const TRIAL = 'ip link add trial type bridge && ip link add trial0 type veth && ip tuntap add dev trial1 mode tap';

const isRoot = () => process.getuid?.() === 0;

/** Namespaces that end with the process that made them: `--kill-child` when unshare dies, and all of it with its first process. */
const namespaces = (user: boolean): string[] => [
  ...(user ? ['--user', '--map-root-user'] : []),
  ...['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
];

function tun(): void {
  if (!existsSync(TUN)) {
    throw new TandemError('refused', `${TUN} is not there: the kernel's tun module is not loaded`, {
      remedy: 'sudo modprobe tun',
    });
  }
  try {
    accessSync(TUN, constants.R_OK | constants.W_OK);
  } catch {
    throw new TandemError('refused', `only root may open ${TUN} here, and the rack needs it for the boxes' NICs`, {
      remedy: `sudo chmod 0666 ${TUN} (Debian's own setting), or run as root; nothing else needs root`,
    });
  }
}

/**
 * Sees to it that this machine can hold a rack, before anything is built, and returns unshare(1)'s options for its world:
 * an ordinary user gets a user namespace.
 * @throws TandemError `refused` with what is missing and who can give it.
 */
export function needs(): readonly string[] {
  needPackages(['util-linux', 'iproute2', 'e2fsprogs']);
  tun();
  let words = '';
  for (const user of isRoot() ? [false, true] : [true]) {
    const options = namespaces(user);
    const trial = spawnSync('unshare', [...options, 'sh', '-c', TRIAL], { encoding: 'utf8' });
    if (trial.status === 0) return options;
    words = trial.stderr.trim() || `unshare exited with ${trial.status}`;
  }
  throw new TandemError('refused', `this machine refuses a network of the rack's own: ${words}`, {
    remedy: isRoot()
      ? 'this root lacks CAP_SYS_ADMIN and CAP_NET_ADMIN (a container?): give them, or run outside'
      : 'allow user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone=1, ' +
        'kernel.apparmor_restrict_unprivileged_userns=0), or run as root',
  });
}
