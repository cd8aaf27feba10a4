import { TandemError } from '../model/error.ts';

/** Neither process answers. */
export function unreachable(controller: TandemError, lane: TandemError): TandemError {
  const message = `neither the controller (${controller.message}) nor the pair lane (${lane.message}) answers`;
  return new TandemError('unreachable', message, {
    remedy: 'run this on a router, as root; see `systemctl status tandem-controller tandem-pair`',
  });
}
