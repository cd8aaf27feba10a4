import { TandemError } from '../../model/error.ts';

/** Lets one piece of work run at a time, in the order asked for. At most `limit` may wait; `what` they are, in words. */
export function createTurns(limit: number, what = 'changes'): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return (work) => {
    if (waiting >= limit) {
      const remedy = `wait for the ${what} under way, then try again`;
      return Promise.reject(new TandemError('refused', `${waiting} ${what} are waiting already`, { remedy }));
    }
    waiting += 1;
    const turn = last.then(work).finally(() => {
      waiting -= 1;
    });
    last = turn.catch(() => {});
    return turn;
  };
}
