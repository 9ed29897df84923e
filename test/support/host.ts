import { spawn } from 'node:child_process';
import type { Ran } from './agent.ts';
import { registered } from './installed-tree.ts';
import { stopPayload } from './payload.ts';
import type { Scratch } from './scratch.ts';

export interface HostOptions {
  command?: string;
  /** What is written to stdin; the payload of a Stop when left out. */
  input?: string | Buffer;
  /** Leaves stdin open after the input, as a host that never closes it would. */
  open?: boolean;
  cwd?: string;
  env?: Record<string, string>;
}

/** Plays Claude Code without a terminal: this process is the agent, and runs hooks and tools as it does (docs/hosts.md). */
export function host(place: Scratch, sessionId: string, agentPid = process.pid) {
  const identity = { CLAUDE_CODE_SESSION_ID: sessionId, CLAUDE_PID: String(agentPid) };
  const cwd = place.project;
  const run = (options: HostOptions & { command: string }) =>
    runCommand({ cwd, input: '', ...options, env: { ...place.env, ...identity, ...options.env } });
  return {
    run,
    tool: (command: string) => run({ command }),
    stop: (options: HostOptions = {}) =>
      run({ command: registered(), input: stopPayload(sessionId, cwd), ...options }),
  };
}

/** By `/bin/sh -c`, in a session of its own, stdin and stdout sockets, resolved when stdout was read to its end. */
function runCommand(options: Required<Omit<HostOptions, 'open'>> & HostOptions): Promise<Ran> {
  const { command, input, open = false, cwd, env } = options;
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn('/bin/sh', ['-c', command], { cwd, env, detached: true });
    let stdout = '';
    let stderr = '';
    let inputError: string | null = null;
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      inputError = error.code ?? error.message;
    });
    const written = new Promise<void>((done) => {
      child.stdin.on('close', done);
      if (open) child.stdin.write(input, () => done());
      else child.stdin.end(input, () => done());
    });
    child.on('error', reject);
    child.on('close', async (code) => {
      const ms = performance.now() - started;
      await Promise.race([written, new Promise((done) => setTimeout(done, 2000))]);
      child.stdin.destroy();
      resolve({ stdout, stderr, code, ms, inputError });
    });
  });
}
