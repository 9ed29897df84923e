const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** What a person may write, for messages. */
export const DURATION_FORM = 'a whole number above 0 and a unit: 90s, 15m, 2h, 7d, 4w';

/** Milliseconds of `90s`, `15m`, `2h`, `7d`, `4w`; `null` for anything else: no unit, no sign, no fraction, not 0. */
export function parseDuration(text: string): number | null {
  const [, digits, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const ms = Number(digits) * UNITS[unit as keyof typeof UNITS];
  return ms > 0 ? ms : null;
}
