/** Events that may not be handled inside one another: each is handled whole, in the order of arrival. */
export interface Mailbox<E> {
  post(event: E): void;
}

/** `handle` may post; what it posts is handled after it returns. `idle` runs when the box is empty again. */
export function createMailbox<E>(handle: (event: E) => void, idle: () => void): Mailbox<E> {
  const waiting: E[] = [];
  let open = false;
  return {
    post(event) {
      waiting.push(event);
      if (open) return;
      open = true;
      try {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) handle(next);
      } finally {
        open = false;
      }
      idle();
    },
  };
}
