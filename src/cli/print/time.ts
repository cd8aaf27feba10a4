/** `2026-11-22 15:40:01Z`, for records people compare between two boxes; `at` is ms since the epoch. */
export function wallTime(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '(no time)' : `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
