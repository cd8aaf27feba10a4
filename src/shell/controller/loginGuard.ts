import { type Login, lockedOut } from '../../core/lint/lockout.ts';
import { type Fault, TandemError } from '../../model/error.ts';
import type { Accepted } from './active.ts';
import type { Controller } from './controller.ts';

/** How a document would cut off who applies it; undefined when it would not, or when he says nothing of where he is. */
function cutOff({ ports }: Controller, accepted: Accepted, login: Login | undefined): Fault | undefined {
  if (login === undefined) return undefined;
  return lockedOut(accepted.document, accepted.lane, ports.kernel.network.routes(), login);
}

/** What the document, this box and where its author is logged in say against it; it may be applied all the same. */
export function warningsFor(controller: Controller, accepted: Accepted, login: Login | undefined): Fault[] {
  const cut = cutOff(controller, accepted, login);
  return [...(cut === undefined ? [] : [cut]), ...accepted.warnings, ...controller.lint.forewarn(accepted)];
}

/** @throws TandemError `refused` when the document would cut off who applies it, and the one in force does not. */
export function guardLogin(controller: Controller, accepted: Accepted, login: Login | undefined): void {
  const cut = cutOff(controller, accepted, login);
  const active = controller.active();
  if (cut === undefined || (active !== undefined && cutOff(controller, active, login) !== undefined)) return;
  throw new TandemError('refused', 'the firewall would lock you out; nothing was changed', {
    remedy:
      'allow it, or apply it from the private side or the serial console, or all the same: `tandem apply --force`',
    faults: [cut],
    forcible: true,
  });
}
