import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readProcess } from '../../src/owner/process.ts';
import { readIfThere } from '../../src/state/read-file.ts';
import { cliSync } from '../support/cli.ts';
import { makeScratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a check ends with the `build complete` that %s ends',
  async (signal) => {
    const place = makeScratch();
    onTestFinished(place.remove);
    const pids = join(place.root, 'pids');
    const check = `sleep 300 & echo $! >'${pids}.new'; mv '${pids}.new' '${pids}'; wait`;
    cliSync(place, ['build', 'start', 'A task', '--owner-session', 's-1', '--check', check]);
    const complete = spawn('stopgate', ['build', 'complete'], {
      cwd: place.project,
      env: { ...place.env, CLAUDE_CODE_SESSION_ID: 's-1' },
      stdio: 'ignore',
    });
    const ended = once(complete, 'exit');
    await until('the check to run', () => readIfThere(pids), 30_000);
    complete.kill(signal);
    expect(await ended).toEqual([null, signal]);
    const started = Number(readFileSync(pids, 'utf8'));
    await until('the end of what it started', () =>
      /^[ZX]/.test(readProcess(started)?.state ?? 'X'),
    );
  },
);
