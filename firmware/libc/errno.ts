import { libc } from './libc.ts';

/** `EEXIST` for 17; `E9999` for a number the C library has no name for. */
export const errnoName = (errno: number): string => libc.strerrorname_np(errno) ?? `E${errno}`;

/** The C library's sentence for it, e.g. `File exists`. */
export const errnoText = (errno: number): string => libc.strerror(errno);

/** The numbers that code here decides on (asm-generic/errno.h; equal on x86-64 and arm64). */
export const EPERM = 1;
export const ENOENT = 2;
export const ESRCH = 3;
export const EINTR = 4;
export const EAGAIN = 11;
export const EACCES = 13;
export const EEXIST = 17;
export const ENODEV = 19;
export const EADDRNOTAVAIL = 99;
export const ENETDOWN = 100;
export const ENOBUFS = 105;
export const ECONNREFUSED = 111;
export const EINPROGRESS = 115;
