const SIGNS = ['', 'k', 'M', 'G', 'T', 'P'];

/** At most five characters: `7`, `9.1`, `480`, `12.3k`, `4.5M`; steps of 1,000. Below 10 with one decimal. */
export function figure(value: number): string {
  let [scaled, sign] = [value, 0];
  while (scaled >= 999.5 && sign < SIGNS.length - 1) [scaled, sign] = [scaled / 1_000, sign + 1];
  const whole = scaled >= 99.95 || (Number.isInteger(scaled) && sign === 0);
  return `${whole ? Math.round(scaled) : scaled.toFixed(1)}${SIGNS[sign]}`;
}
