import type { Answer, ControllerRequest } from '../model/control.ts';
import { type ErrorCode, TandemError } from '../model/error.ts';
import { ask } from '../shell/lineClient.ts';
import { controllerSocket, type Io } from './io.ts';

/** The result of an answer. @throws TandemError as the other side said it. */
export function resultOf<T>(answer: Answer): T {
  if (answer.ok) return answer.result as T;
  const { code, message, remedy, faults } = answer.error;
  throw new TandemError(code as ErrorCode, message, {
    ...(remedy === undefined ? {} : { remedy }),
    ...(faults === undefined ? {} : { faults }),
  });
}

/** Asks the controller. @throws TandemError as it said it, or `unreachable`. */
export async function askController<T>(io: Io, request: ControllerRequest, timeoutMs: number): Promise<T> {
  return resultOf<T>(await ask(controllerSocket(io), request, timeoutMs));
}

export const isUnreachable = (error: unknown): error is TandemError =>
  error instanceof TandemError && error.code === 'unreachable';
