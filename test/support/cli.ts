import { spawnSync } from 'node:child_process';
import { execa } from 'execa';
import type { Scratch } from './scratch.ts';

/** What a command of ours came to. */
export interface CliRun {
  code: number | undefined;
  stdout: string;
  stderr: string;
}

/** Runs `stopgate …` as a person in a plain terminal of this machine would. */
export async function cli(place: Scratch, args: string[], env: object = {}): Promise<CliRun> {
  const { exitCode, stdout, stderr } = await execa('stopgate', args, {
    cwd: place.project,
    env: { ...place.env, ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { code: exitCode, stdout, stderr };
}

/** As {@link cli}, where a test has nothing else to do meanwhile. */
export function cliSync(place: Scratch, args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync('stopgate', args, {
    cwd: place.project,
    env: { ...place.env, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
