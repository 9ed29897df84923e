import { cleanEnv } from './git.ts';
import { runBounded } from './run-bounded.ts';

const MAX_BYTES = 64 * 1024;

export type Reply = { kind: 'text'; text: string } | { kind: 'failed'; why: string };

/**
 * Asks a person's own program by `/bin/sh -c`: the question on stdin, the answer on stdout, exit code 0. Past the bound
 * its process group is ended. An agent that it starts is not judged in turn.
 */
export async function askCommand(
  command: string,
  question: string,
  cwd: string,
  deadline: number,
): Promise<Reply> {
  const ran = await runBounded('/bin/sh', ['-c', command], {
    cwd,
    env: { ...cleanEnv(process.env), STOPGATE_DISABLE: '1' },
    input: question,
    timeoutMs: deadline - Date.now(),
    maxBytes: MAX_BYTES,
  });
  if (ran.kind === 'failed') return { kind: 'failed', why: `the command: ${ran.why}` };
  if (ran.code !== 0) return { kind: 'failed', why: `the command ended with ${ran.code}` };
  return { kind: 'text', text: ran.stdout.toString() };
}
