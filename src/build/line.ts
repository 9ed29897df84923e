import { blanked } from '../printable.ts';

/**
 * One line of printable, well-formed text in at most `maxBytes` bytes of UTF-8. A lone surrogate would make Codex drop
 * the whole answer, so it is replaced.
 */
export function oneLine(text: string, maxBytes: number): string {
  const bytes = Buffer.from(blanked(text).trim());
  if (bytes.length <= maxBytes) return bytes.toString();
  const whole = bytes.subarray(0, wholeLength(bytes, maxBytes - 3)).toString();
  return `${whole.trimEnd()}…`;
}

/** The largest length up to `max` that does not cut a character: continuation bytes are 10xxxxxx. */
function wholeLength(bytes: Buffer, max: number): number {
  let length = max;
  while (length > 0 && ((bytes[length] ?? 0) & 0xc0) === 0x80) length -= 1;
  return length;
}
