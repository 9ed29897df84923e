import { isUtf8 } from 'node:buffer';
import { read } from 'node:fs';
import { takePayloadHead } from './payload-head.ts';

/** No host sends more; what is larger is no event (a payload is a few kB). */
export const MAX_BYTES = 4 * 1024 * 1024;

/** Payloads are there when the hook starts; one that is not whole by then will not be (docs/gate.md). */
const DEADLINE_MS = 800;

export type Input =
  | { kind: 'json'; value: unknown }
  | { kind: 'bad'; why: string }
  /** A read is still pending, so the process cannot leave by itself: see {@link finish}. */
  | { kind: 'late' };

/**
 * Reads one JSON value from file descriptor 0 and stops as soon as it is whole: end of file may never come.
 * Bounded in time and bytes. `fs.read` works on every kind of stdin (Claude gives a socket, Codex a pipe) and loads
 * no stream code.
 */
export function readInput(done: (input: Input) => void): void {
  const chunk = Buffer.allocUnsafe(65_536);
  const head = takePayloadHead();
  const chunks: Buffer[] = head.length > 0 ? [head] : [];
  let bytes = head.length;
  let settled = false;
  const settle = (input: Input) => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    done(input);
  };
  const timer = setTimeout(() => settle({ kind: 'late' }), DEADLINE_MS);
  const next = () => {
    read(0, chunk, 0, chunk.length, null, (error, count) => {
      if (settled) return;
      if (error) return settle({ kind: 'bad', why: `stdin cannot be read: ${error.message}` });
      bytes += count;
      if (bytes > MAX_BYTES) {
        // Read on and keep nothing, so that the host's write does not break.
        chunks.length = 0;
        return count === 0 ? settle({ kind: 'bad', why: `more than ${MAX_BYTES} bytes` }) : next();
      }
      chunks.push(Buffer.from(chunk.subarray(0, count)));
      const whole =
        count === 0 || chunk.subarray(0, count).toString('latin1').trimEnd().endsWith('}');
      if (!whole) return next();
      const input = parseInput(Buffer.concat(chunks));
      if (input.kind === 'json' || count === 0) return settle(input);
      next();
    });
  };
  const whole = parseInput(head);
  if (whole.kind === 'json') return settle(whole);
  next();
}

/** Parses a whole payload; every kind of bad input has its own words. */
export function parseInput(bytes: Buffer): Input {
  if (bytes.length === 0) return { kind: 'bad', why: 'stdin is empty' };
  if (!isUtf8(bytes)) return { kind: 'bad', why: 'stdin is not UTF-8' };
  try {
    return { kind: 'json', value: JSON.parse(bytes.toString('utf8')) };
  } catch (error) {
    return { kind: 'bad', why: `stdin is not JSON: ${(error as Error).message}` };
  }
}
