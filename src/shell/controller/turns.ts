import { TandemError } from '../../model/error.ts';

/** Lets one piece of work run at a time, in the order asked for. At most `limit` may wait. */
export function createTurns(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return (work) => {
    if (waiting >= limit) {
      const remedy = 'wait for the changes under way, then try again';
      return Promise.reject(new TandemError('refused', `${waiting} changes are waiting already`, { remedy }));
    }
    waiting += 1;
    const turn = last.then(work).finally(() => {
      waiting -= 1;
    });
    last = turn.catch(() => {});
    return turn;
  };
}
