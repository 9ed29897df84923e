import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered } from '../support/installed-tree.ts';
import type { Scratch } from '../support/scratch.ts';
import { SHELLS, underShell } from '../support/shells.ts';
import { traceNode } from '../support/trace-node.ts';

const APPROVE = { decision: 'approve' };

/** What a read of it never comes to an end of, or never begins. */
const ODD: Record<string, (path: string) => void> = {
  'a FIFO': (path) => execFileSync('mkfifo', [path]),
  'a directory': (path) => mkdirSync(path),
  'a link to /dev/zero': (path) => symlinkSync('/dev/zero', path),
};

describe.each(Object.entries(ODD))('%s', (_, make) => {
  function instead(path: string): void {
    mkdirSync(join(path, '..'), { recursive: true });
    rmSync(path, { force: true });
    make(path);
  }

  it('in the place of a time is left as it is', async () => {
    const place = scratch();
    instead(join(place.paths.turn('first'), 'stop-inactive'));
    expect(hookOutput(await host(place, 'first').stop())).toEqual(APPROVE);
  });

  it('in the place of an armed build has Node look', async () => {
    const place = scratch();
    instead(join(place.paths.armedStop, 'whose'));
    const nodeRan = traceNode(place);
    expect(hookOutput(await host(place, 'first').stop())).toEqual(APPROVE);
    expect(nodeRan()).toBe(true);
  });

  it('in the place of the recorded Node leaves the one on PATH', async () => {
    const place = scratch();
    await host(place, 'first').tool('stopgate build start "a task"');
    instead(join(place.data, 'node'));
    expect(hookOutput(await host(place, 'first').stop()).decision).toBe('block');
  });

  it('in the place of the manifest is no manifest', async () => {
    const place = scratch();
    await host(place, 'first').tool('stopgate build start "a task"');
    instead(join(place.data, 'manifest.json'));
    expect(hookOutput(await host(place, 'first').stop()).decision).toBe('block');
  });

  it('in the place of the log gets no record', async () => {
    const place = scratch();
    await host(place, 'first').tool('stopgate build start "a task"');
    rmSync(join(place.data, 'current'));
    instead(place.paths.gateLog);
    expect(hookOutput(await host(place, 'first').stop())).toEqual(APPROVE);
  });
});

describe.each(SHELLS)('under $name', (shell) => {
  const stop = (place: Scratch, before: string, env: Record<string, string> = {}) => {
    const launcher = join(place.data, 'bin/stopgate-hook');
    const command = registered().replace('$HOME/.local/share/stopgate/bin/stopgate-hook', launcher);
    const { PATH = '' } = place.env;
    return host(place, 'first').stop({
      command: `${before}${underShell(command, shell, place, 'env', '"PWD=$STALE"')}`,
      // Bash takes a socket on stdin at the first level for a remote login, and reads a person's files.
      env: { PATH, SHLVL: '2', ...env },
    });
  };

  it.each([
    ['a home that is relative', 'HOME=somewhere; '],
    ['an empty home', 'HOME=; '],
    ['no home', 'unset HOME; '],
  ])('leaves it to Node where state is: %s', async (_, before) => {
    const place = scratch();
    traceNode(place, 'echo \'{"decision":"block","reason":"from Node"}\'');
    expect(hookOutput(await stop(place, before)).reason).toBe('from Node');
    expect(existsSync(join(place.project, 'somewhere'))).toBe(false);
  });

  it.each(['here/there', 'here', '.', ''])('answers with a stale PWD of "%s"', async (stale) => {
    const place = scratch();
    const gone = join(place.root, 'gone');
    const before = `mkdir ${gone}; cd ${gone}; rmdir ${gone}; `;
    // Bash itself complains on stderr.
    const ran = { ...(await stop(place, before, { STALE: stale })), stderr: '' };
    expect(hookOutput(ran)).toEqual(APPROVE);
  });
});
