import { VIP } from '../figure.ts';

/** What a person answers, by the words of the question; the figure is that of docs/example.yaml. */
export interface Line {
  readonly asked: string;
  readonly answer: string;
}

/** Typed on both consoles; whoever reads the transcript does not see it. */
export const PASSWORD = 'a rack of two routers';

const line = (asked: string, answer: string): Line => ({ asked, answer });

/** @param beat the rack's own heartbeat: an emulated processor does not carry the default (image/rack/seed.ts). */
export function firstBox(beat: { readonly interval: number; readonly deadline: number }): readonly Line[] {
  return [
    line('first or second', 'first'),
    line('name of the pair', 'rack'),
    line('this box is router', 'a'),
    line('public NIC', 'eth0'),
    line('private NIC', 'eth1'),
    line('own public address', '198.51.100.2/24'),
    line('own private address', '192.0.2.2/24'),
    line("twin's public address", '198.51.100.3/24'),
    line("twin's private address", '192.0.2.3/24'),
    line('gateway', '198.51.100.1'),
    line('public float', `${VIP}/24`),
    line('private float', '192.0.2.1/24'),
    line('first virtual service', 'web'),
    line('its protocol', 'tcp'),
    line('its port', '80'),
    line('real server 1', '192.0.2.11:8080'),
    line('real server 2', '192.0.2.12:8080'),
    line('real server 3', '192.0.2.13:8080'),
    line('real server 4', '-'),
    line('line to the twin', '/dev/ttyS1'),
    line('its speed', '115200'),
    line('heartbeat every', String(beat.interval)),
    line('deadline', String(beat.deadline)),
    line('new password', PASSWORD),
    line('the same again', PASSWORD),
    line('apply it?', 'yes'),
  ];
}

export const secondBox = (code: string): readonly Line[] => [
  line('first or second', 'second'),
  line('line to the twin', ''),
  line('its speed', ''),
  line('code', code),
  line('public NIC', 'eth0'),
  line('private NIC', 'eth1'),
  line('apply it?', 'yes'),
];
