import type { SessionFile } from '../../src/ports/sessions.ts';
import { openRunFile } from '../store/runFile.ts';

export const openSessionFile = (path: string): SessionFile => ({
  ...openRunFile(path),
  uptime: () => Number(process.hrtime.bigint()) / 1e6,
});
