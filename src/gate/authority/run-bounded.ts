import { spawn } from 'node:child_process';
import { drained } from '../../io/drained.ts';
import { endGroup } from '../../io/end-group.ts';

/** A program has ended when its first process has; what that left running may hold the output open for ever. */
const DRAIN_MS = 60;

export interface Bounds {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Written to stdin, which is then closed; without it there is no stdin. */
  input?: string;
  timeoutMs: number;
  maxBytes: number;
}

export type Ran =
  | { kind: 'ended'; code: number; stdout: Buffer }
  /** No start, no end in time, a signal, or too much output; `stdout` is what came until then. */
  | { kind: 'failed'; why: string; stdout: Buffer };

/**
 * Runs one program to its end within a time and a size; past either, and when this process exits before, its whole
 * process group is ended. Never rejects: a program that does not read its input, or is gone before it is written, is no error.
 */
export function runBounded(program: string, args: readonly string[], bounds: Bounds): Promise<Ran> {
  const { cwd, env, input, timeoutMs, maxBytes } = bounds;
  if (timeoutMs <= 0) return Promise.resolve({ kind: 'failed', why: 'no time left', stdout: NONE });
  return new Promise((resolve) => {
    const stdin = input === undefined ? 'ignore' : 'pipe';
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: [stdin, 'pipe', 'ignore'],
      detached: true,
    });
    const end = () => endGroup(child.pid);
    process.once('exit', end);
    const chunks: Buffer[] = [];
    let bytes = 0;
    let settled = false;
    const settle = (outcome: { code: number } | { why: string }) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      process.off('exit', end);
      child.stdin?.destroy();
      child.stdout?.destroy();
      const stdout = Buffer.concat(chunks);
      resolve(
        'code' in outcome
          ? { kind: 'ended', code: outcome.code, stdout }
          : { kind: 'failed', why: outcome.why, stdout },
      );
    };
    const giveUp = (why: string) => {
      end();
      settle({ why });
    };
    const timer = setTimeout(() => giveUp(`no end within ${timeoutMs} ms`), timeoutMs);
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) return giveUp(`more than ${maxBytes} bytes of output`);
      chunks.push(chunk);
    });
    child.stdin?.on('error', () => {}).end(input);
    child.once('error', (error) => settle({ why: `could not run: ${error.message}` }));
    child.once('exit', (code, signal) => {
      const outcome = code === null ? { why: `ended by ${signal}` } : { code };
      drained(child, DRAIN_MS).then(() => settle(outcome));
    });
  });
}

const NONE = Buffer.alloc(0);
