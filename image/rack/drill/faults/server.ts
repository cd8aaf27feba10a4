import type { Drill } from '../drill.ts';

/** What happens to the real servers. */
export const SERVER: readonly Drill[] = [
  {
    name: 'server-killed',
    fault: 'real server 2 is killed',
    inject: (rack) => rack.server(2).kill(),
    undo: (rack) => rack.server(2).start(),
    bar: {
      outage: 100,
      trouble: 3000,
      moves: false,
      alarm: { code: 'server-down', subject: 's2' },
      lost: (count) => Math.ceil(count / 3),
      why: 'the other servers go on answering; the dead one fails two checks a second apart, the later within 500 ms, and 500 ms is for the rest. Its own connections die with it',
    },
  },
];
