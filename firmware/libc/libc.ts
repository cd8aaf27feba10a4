import koffi from 'koffi';

/**
 * The one door to system calls that Node does not offer. Every raw socket (netlink, packet), locked memory and the
 * errno names go through here; buffers are passed as they lie, without a copy. glibc only (strerrorname_np).
 */
const c = koffi.load('libc.so.6');

/** linux/filter.h: a classic BPF program. */
koffi.struct('sock_fprog', { len: 'uint16_t', filter: 'const void*' });

/** Addresses and lengths are byte arrays in the kernel's own layout: see socket.ts. */
export const libc = {
  socket: c.func('int socket(int, int, int)') as (family: number, type: number, protocol: number) => number,
  bind: c.func('int bind(int, const void*, uint32_t)') as (fd: number, address: Uint8Array, size: number) => number,
  connect: c.func('int connect(int, const void*, uint32_t)') as (
    fd: number,
    address: Uint8Array,
    size: number,
  ) => number,
  getsockopt: c.func('int getsockopt(int, int, int, void*, void*)') as (
    fd: number,
    level: number,
    option: number,
    value: Int32Array,
    size: Uint32Array,
  ) => number,
  setsockopt: c.func('int setsockopt(int, int, int, const void*, uint32_t)') as (
    fd: number,
    level: number,
    option: number,
    value: Uint8Array,
    size: number,
  ) => number,
  attachFilter: c.func('int setsockopt(int, int, int, const sock_fprog*, uint32_t)') as (
    fd: number,
    level: number,
    option: number,
    program: { len: number; filter: Uint8Array },
    size: number,
  ) => number,
  sendto: c.func('intptr_t sendto(int, const void*, size_t, int, const void*, uint32_t)') as (
    fd: number,
    bytes: Uint8Array,
    size: number,
    flags: number,
    address: Uint8Array | null,
    addressSize: number,
  ) => number,
  recvfrom: c.func('intptr_t recvfrom(int, void*, size_t, int, void*, void*)') as (
    fd: number,
    bytes: Uint8Array,
    size: number,
    flags: number,
    address: Uint8Array,
    addressSize: Uint32Array,
  ) => number,
  poll: c.func('int poll(void*, unsigned long, int)') as (fds: Uint8Array, count: number, timeoutMs: number) => number,
  epoll_create1: c.func('int epoll_create1(int)') as (flags: number) => number,
  epoll_ctl: c.func('int epoll_ctl(int, int, int, void*)') as (
    epoll: number,
    operation: number,
    fd: number,
    event: Uint8Array,
  ) => number,
  epoll_wait: c.func('int epoll_wait(int, void*, int, int)') as (
    epoll: number,
    events: Uint8Array,
    count: number,
    timeoutMs: number,
  ) => number,
  close: c.func('int close(int)') as (fd: number) => number,
  ioctl: c.func('int ioctl(int, unsigned long, void*)') as (fd: number, request: number, value: Uint8Array) => number,
  flock: c.func('int flock(int, int)') as (fd: number, operation: number) => number,
  /** An address of a process fits a double: 47 bits. */
  mallocTrim: c.func('int malloc_trim(size_t)') as (keep: number) => number,
  mlock2: c.func('int mlock2(uintptr_t, size_t, int)') as (address: number, size: number, flags: number) => number,
  if_nametoindex: c.func('uint32_t if_nametoindex(const char*)') as (name: string) => number,
  strerror: c.func('const char *strerror(int)') as (errno: number) => string,
  strerrorname_np: c.func('const char *strerrorname_np(int)') as (errno: number) => string | null,
};

/** errno of the last call above that returned -1. */
export const errno = (): number => koffi.errno();
