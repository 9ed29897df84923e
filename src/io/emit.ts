import { writeSync } from 'node:fs';
import { harmless } from '../printable.ts';

let spoken = false;

/**
 * Writes the one JSON object of this process to stdout. A second call writes nothing: two objects are none. A text in it
 * that names a task or a step reaches the person's terminal and the model, so nothing in it may act on either.
 */
export function emit(output: object): void {
  if (spoken) return;
  spoken = true;
  try {
    writeSync(1, `${JSON.stringify(output, harmlessText)}\n`);
  } catch {
    // The host is gone: there is nobody to tell, and a hook never fails.
  }
}

function harmlessText(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? harmless(value) : value;
}

/**
 * Ends the process. A pending read of a stdin that never ends would hold `exit` back until it returns, so then the
 * process ends itself; the launcher speaks for its exit code.
 */
export function finish(readPending: boolean): never {
  if (readPending) process.kill(process.pid, 'SIGKILL');
  process.exit(0);
}
