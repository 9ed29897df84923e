import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Scratch } from './scratch.ts';

/** A shell that is `/bin/sh` somewhere; called by that name each takes on its POSIX mode. */
export interface Shell {
  readonly name: string;
  readonly program: string;
  /** The name it is called by. */
  readonly as: 'sh' | 'bash';
  /** It tries to fork for longer than any host waits, 15 seconds or 31. */
  readonly insists?: true;
}

const ALL: readonly Shell[] = [
  { name: 'dash', program: 'dash', as: 'sh' },
  { name: 'busybox ash', program: 'busybox', as: 'sh' },
  { name: 'bash --posix', program: 'bash', as: 'sh', insists: true },
  { name: 'bash', program: 'bash', as: 'bash', insists: true },
  { name: 'mksh', program: 'mksh', as: 'sh', insists: true },
  { name: 'zsh as sh', program: 'zsh', as: 'sh' },
];

/** Those of the six that are installed; CI has all of them. */
export const SHELLS = ALL.filter(({ program }) => process.env.CI === 'true' || pathOf(program));

/** The names of those that are not. */
export const MISSING = ALL.filter((shell) => !SHELLS.includes(shell)).map(({ name }) => name);

/** A registered command with this shell in the place of `/bin/sh`, and `before` it what starts it. */
export function underShell(
  command: string,
  { name, program, as }: Shell,
  { root }: Scratch,
  ...before: string[]
): string {
  const dir = join(root, 'shells', name.replaceAll(' ', '-'));
  const path = join(dir, as);
  mkdirSync(dir, { recursive: true });
  if (!existsSync(path)) symlinkSync(pathOf(program), path);
  return command.replace('/bin/sh', [...before, path].join(' '));
}

function pathOf(program: string): string {
  const which = spawnSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', program], {
    encoding: 'utf8',
  });
  return which.stdout.trim();
}
