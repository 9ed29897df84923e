import { randomBytes } from 'node:crypto';
import { sandboxArgs } from '../hosts/codex/confinement.ts';
import type { Way } from './way.ts';

/** A program with its arguments that runs a shell command. */
export interface Spawn {
  file: string;
  args: readonly string[];
  /** The line that it prints once the command itself begins; without it the command did not run. */
  mark: string | null;
}

/** How a shell command is started in a directory. */
export type Shell = (command: string, cwd: string) => Spawn;

/** With our own rights. */
export const plainShell: Shell = (command) => ({
  file: '/bin/sh',
  args: ['-c', command],
  mark: null,
});

/** Inside the sandbox of a session of Codex, by that program of Codex. The sandbox begins in a directory of its own. */
export function sandboxShell(codex: string, { sandbox }: Way & { kind: 'sandbox' }): Shell {
  return (command, cwd) => {
    const mark = `stopgate-${randomBytes(12).toString('hex')}`;
    const script = String.raw`cd -- "$2" && printf '%s\n' "$0" && exec /bin/sh -c "$1"`;
    const inside = ['/bin/sh', '-c', script, mark, command, cwd];
    return { file: codex, args: [...sandboxArgs(sandbox), ...inside], mark };
  };
}
