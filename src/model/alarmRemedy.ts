import { LINT, type LintAlarm } from './lint.ts';
import type { AlarmCode } from './pair.ts';

/** What to do about an alarm, in one line for a person at night. */
const REMEDY: Readonly<Record<Exclude<AlarmCode, LintAlarm>, string>> = {
  'peer-silent': 'look at the twin’s power and console; this router serves alone until it is back',
  'link-silent': 'check this link’s cable and NIC on both routers; the twin is still heard on another link',
  'nic-down': 'check the cable and the switch port of this NIC',
  'floats-contested': 'find the machine with this MAC address and take the address away from it',
  'peer-silent-floats-answer':
    'the twin serves and is not heard: repair a heartbeat link; nobody moves until the floats fall silent',
  'neighbour-unresolved':
    'see that this neighbour is up; if clients do not come through, clear its ARP entry for the floating address',
  'revision-differs':
    'the newer one comes to both when their controllers hear each other; when one cannot apply it, apply a corrected one',
  'not-ready': 'this router could not serve now: see `journalctl -u tandem-controller`',
  'controller-silent': 'the controller is dead or hung: see `systemctl status tandem-controller`; the floats stay safe',
  'lane-late':
    'find what takes this box’s processor (`top`), or give the heartbeat more time: heartbeat.deadline_ms in the document',
  held: 'when the work is done, say `tandem resume` on the box that is held',
  'button-stuck': 'see whether something leans on the front panel; until the button is up it does nothing',
  'server-down': 'look at this real server; it gets no new connections until its checks succeed',
  'replies-missing':
    'give this server the private float as its default route (see `tandem explain SERVICE`); clients in its network cannot use the VIP',
  'health-differs':
    'one box’s way to this server is at fault: look at its private NIC, cable and switch port, and at the server’s own filter; mend it before a failover needs it',
  'service-down': 'no real server of this service answers: look at the servers and at the private network',
  'quorum-lost': 'look at this service’s real servers: too few are up, and new clients get the sorry server',
  'checker-stuck':
    'this router’s checks prove nothing: see `journalctl -u tandem-controller` and its NICs; servers stay as they were',
  'certificate-ends': 'renew the certificate on this real server',
  'lane-not-told':
    'make room on the disk of /var/lib/tandem and see that it is not read-only: until then floats and heartbeat are those of the document before',
  'statistics-not-kept':
    'make room on the disk of /var/lib/tandem and see that it is not read-only; traffic is not touched',
  drift: 'somebody changed the kernel’s tables by hand; it was repaired: see `tandem drift`',
  'drift-held': 'when the work is done, say `tandem drift resume`: what was changed by hand is repaired then',
  'drift-fight':
    'find the tool that changes it (a keepalived, a script, a network manager) and stop it: see `tandem drift`',
};

/** Undefined for a code of another release. */
export const alarmRemedy = (code: string): string | undefined =>
  (LINT[code as LintAlarm] as { readonly remedy: string } | undefined)?.remedy ?? REMEDY[code as keyof typeof REMEDY];
