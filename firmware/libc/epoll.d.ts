/** The part of the npm package `epoll` (CommonJS, native) that is used here; it ships no types. */
declare module 'epoll' {
  class Epoll {
    static readonly EPOLLIN: number;
    static readonly EPOLLERR: number;
    constructor(callback: (error: Error | null, fd: number, events: number) => void);
    add(fd: number, events: number): Epoll;
    remove(fd: number): Epoll;
    close(): void;
  }
  const epoll: { readonly Epoll: typeof Epoll };
  export default epoll;
}
