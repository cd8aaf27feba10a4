import { existsSync } from 'node:fs';

/** The Debian release that the image is made of. */
export const suite = 'trixie';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

const isRoot = () => process.getuid?.() === 0;

/** Packages of this machine that mmdebstrap(1) needs. */
export const debianTools = (): string[] => [
  ...['mmdebstrap', 'debian-archive-keyring'],
  ...(isRoot() ? [] : ['uidmap']),
];

/** What every call of mmdebstrap(1) has: root or a user namespace, the archive's keys, another try after a broken download. */
export const debianArgs = (): string[] => [
  isRoot() ? '--mode=root' : '--mode=unshare',
  ...(existsSync(keyring) ? [`--keyring=${keyring}`] : []),
  '--aptopt=Acquire::Languages "none"',
  '--aptopt=Acquire::Retries "3"',
];
