import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { drained } from '../io/drained.ts';
import { endGroup, endGroupWithUs } from '../io/end-group.ts';
import { plainShell, type Shell } from '../rights/shell.ts';
import type { FailedCheck } from './schema.ts';

/** A check that runs longer has failed; its process group is ended. */
const CHECK_MS = 10 * 60_000;
const TAIL_CHARACTERS = 4096;
/** A check has ended when its shell has; what it left running may hold the output open for ever. */
const DRAIN_MS = 200;

export interface CheckOptions {
  /** Called before each check. */
  begin?: (command: string) => void;
  bounds?: { eachMs: number; allMs: number };
  /** With which rights the checks run; with our own unless it is set. */
  shell?: Shell;
  env?: NodeJS.ProcessEnv;
}

/**
 * Runs each check as a shell command in `cwd`, in order, and returns the first that fails, or `null`.
 * No terminal, no stdin; output is kept only by its tail.
 */
export async function firstFailing(
  checks: readonly string[],
  cwd: string,
  {
    begin = () => {},
    bounds = { eachMs: CHECK_MS, allMs: Number.POSITIVE_INFINITY },
    shell = plainShell,
    env = process.env,
  }: CheckOptions = {},
): Promise<FailedCheck | null> {
  const end = Date.now() + bounds.allMs;
  for (const command of checks) {
    const left = end - Date.now();
    if (left <= 0)
      return { command, outcome: `not run: ${bounds.allMs / 1000} s were up`, tail: '' };
    begin(command);
    const failed = await run(command, cwd, Math.min(bounds.eachMs, left), { shell, env });
    if (failed) return failed;
  }
  return null;
}

function run(
  command: string,
  cwd: string,
  timeoutMs: number,
  { shell, env }: { shell: Shell; env: NodeJS.ProcessEnv },
): Promise<FailedCheck | null> {
  const takeBack = endGroupWithUs(() => check.pid);
  const { file, args, mark } = shell(command, cwd);
  const check = spawn(file, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let tail = '';
  let before = '';
  let begun = mark === null;
  const keep = (text: string) => {
    tail = (tail + text).slice(-TAIL_CHARACTERS);
  };
  check.stderr.setEncoding('utf8').on('data', keep);
  check.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (begun) return keep(text);
    before = (before + text).slice(-TAIL_CHARACTERS);
    const at = before.indexOf(`${mark}\n`);
    if (at < 0) return;
    begun = true;
    keep(before.slice(at + `${mark}\n`.length));
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup(check.pid);
  }, timeoutMs);
  return new Promise((resolve) => {
    const settle = (outcome: string | null) => {
      clearTimeout(timer);
      takeBack();
      resolve(outcome === null ? null : { command, outcome, tail: tail.trimEnd() });
    };
    check.once('error', (error) => settle(`could not run: ${whyNot(error, cwd)}`));
    check.once('exit', async (code, signal) => {
      await drained(check, DRAIN_MS);
      check.stdout.destroy();
      check.stderr.destroy();
      if (late) settle(`no end after ${Math.round(timeoutMs / 100) / 10} s`);
      else if (!begun) settle('not run: its sandbox did not start');
      else if (code === 0) settle(null);
      else settle(signal === null ? `exit code ${code}` : `ended by ${signal}`);
    });
  });
}

/** The system blames the program for a directory that is not there. */
function whyNot(error: Error, cwd: string): string {
  return existsSync(cwd) ? error.message : `${cwd} is not there`;
}
