import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { errnoOf, StopgateError } from '../../errors.ts';
import { endGroup } from '../../io/end-group.ts';
import type { Environment } from './settings-path.ts';

export interface AppServer {
  /** @throws StopgateError `codex-failed` when Codex refuses, ends, or takes too long. */
  call(method: string, params: object): Promise<unknown>;
}

export interface AppServerOptions {
  /** As the person's Codex would see it: a CODEX_HOME that is spelt differently gets other trust. */
  readonly env: Environment;
  readonly timeoutMs?: number;
}

/**
 * Lends a `codex app-server` of our own, which is gone afterwards, whatever happens.
 * @throws StopgateError `no-codex` when there is none on PATH.
 */
export async function withAppServer<T>(
  { env, timeoutMs = 20_000 }: AppServerOptions,
  use: (server: AppServer) => Promise<T>,
): Promise<T> {
  // A group of its own: `codex` is a wrapper, and ending only the wrapper would leave the program behind.
  const child = spawn('codex', ['app-server'], {
    env: { ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const waiting = new Map<number, Pending>();
  const fail = (error: StopgateError) => {
    failure ??= error;
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
  };
  let failure: StopgateError | undefined;
  const gone = new Promise<void>((done) => {
    child.once('error', (error) => {
      fail(errnoOf(error) === 'ENOENT' ? noCodex(error) : broken('cannot be started', error));
      done();
    });
    child.once('exit', (code, signal) => {
      fail(broken(`ended early (${signal ?? `exit ${code}`})`));
      done();
    });
  });
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', (line) => settle(waiting, line));
  const end = () => endGroup(child.pid);
  const timer = setTimeout(() => {
    fail(broken(`did not answer within ${timeoutMs / 1000} s`));
    end();
  }, timeoutMs);

  const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  let id = 0;
  const call = (method: string, params: object) =>
    new Promise<unknown>((resolve, reject) => {
      if (failure !== undefined) return reject(failure);
      id += 1;
      waiting.set(id, { method, resolve, reject });
      send({ id, method, params });
    });
  try {
    await call('initialize', { clientInfo: { name: 'stopgate', version: '1' } });
    send({ method: 'initialized' });
    return await use({ call });
  } finally {
    child.stdin.end();
    const late = setTimeout(end, 2_000);
    await gone;
    clearTimeout(late);
    clearTimeout(timer);
  }
}

interface Pending {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Answers the call that a line belongs to; what Codex says unasked is not for us. */
function settle(waiting: Map<number, Pending>, line: string): void {
  const message = parse(line);
  const pending = typeof message?.id === 'number' ? waiting.get(message.id) : undefined;
  if (pending === undefined || message === null) return;
  waiting.delete(message.id as number);
  if (message.error === undefined) return pending.resolve(message.result);
  const { message: what } = message.error as { message?: string };
  pending.reject(broken(`refused ${pending.method}: ${what ?? JSON.stringify(message.error)}`));
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

function noCodex(cause: unknown): StopgateError {
  const hint = 'Install Codex, or put it on PATH, then run the command again.';
  return new StopgateError('no-codex', 'There is no `codex` on PATH.', { hint, cause });
}

function broken(what: string, cause?: unknown): StopgateError {
  const hint = 'Open Codex and look at /hooks.';
  return new StopgateError('codex-failed', `codex app-server ${what}.`, { hint, cause });
}
