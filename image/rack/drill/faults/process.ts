import type { Drill } from '../drill.ts';
import { inBox, none, signal } from './inBox.ts';

/** What happens to one of the two processes on the active box. */
export const PROCESS: readonly Drill[] = [
  {
    name: 'pair-killed',
    fault: 'tandem-pair is killed with SIGKILL on the active box',
    inject: (rack, active) => inBox(rack, active, signal('KILL', 'tandem-pair')),
    bar: {
      outage: 1000,
      moves: true,
      causes: ['peer-silent', 'peer-unfit', 'no-owner'],
      lost: none,
      why: 'systemd drops the floats at once (ExecStopPost), then as in a power cut',
    },
  },
  {
    name: 'pair-hung',
    fault: 'tandem-pair is stopped with SIGSTOP on the active box',
    inject: (rack, active) => inBox(rack, active, signal('STOP', 'tandem-pair')),
    bar: {
      outage: 2500,
      median: 1500,
      moves: true,
      causes: ['peer-silent', 'peer-unfit', 'no-owner'],
      lost: none,
      why: 'the watchdog ends it within 800 ms, then as pair-killed; at the latest the floats’ own lifetime of 2 s ends',
    },
  },
  {
    name: 'controller-killed',
    fault: 'tandem-controller is killed with SIGKILL on the active box',
    inject: (rack, active) => inBox(rack, active, signal('KILL', 'tandem-controller')),
    bar: {
      outage: 100,
      moves: false,
      lost: none,
      why: 'the kernel’s tables outlive their writer, and the next controller adopts them',
    },
  },
  {
    name: 'controller-hung',
    fault: 'tandem-controller is stopped with SIGSTOP on the active box, and goes on',
    inject: (rack, active) => inBox(rack, active, signal('STOP', 'tandem-controller')),
    undo: (rack, active) => inBox(rack, active, signal('CONT', 'tandem-controller')),
    bar: { outage: 100, moves: false, lost: none, why: 'as controller-killed' },
  },
];
