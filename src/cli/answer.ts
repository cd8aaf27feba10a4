import type { ControllerRequest } from '../model/control.ts';
import { TandemError } from '../model/error.ts';
import { ask, resultOf } from '../shell/lineClient.ts';
import { controllerSocket, type Io } from './io.ts';

export { resultOf } from '../shell/lineClient.ts';

/** Asks the controller. @throws TandemError as it said it, or `unreachable`. */
export async function askController<T>(io: Io, request: ControllerRequest, timeoutMs: number): Promise<T> {
  return resultOf<T>(await ask(controllerSocket(io), request, timeoutMs));
}

export const isUnreachable = (error: unknown): error is TandemError =>
  error instanceof TandemError && error.code === 'unreachable';
