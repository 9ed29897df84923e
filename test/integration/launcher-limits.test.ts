import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ran } from '../support/agent.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered, registeredBefore } from '../support/installed-tree.ts';
import {
  asNobody,
  giveAway,
  isRoot,
  withDescriptors,
  withoutDevices,
  withoutForks,
} from '../support/limits.ts';
import type { Scratch } from '../support/scratch.ts';
import { MISSING, SHELLS, type Shell, underShell } from '../support/shells.ts';

const APPROVE = '{"decision":"approve"}\n';
const HARMLESS = '{}\n';

/** Arms a build of nobody known, so that only Node can tell whose it is. */
function arm({ paths }: Scratch): string {
  mkdirSync(paths.armedStop, { recursive: true });
  const path = join(paths.armedStop, 'whose');
  writeFileSync(path, '- - -\n');
  return path;
}

function stop(place: Scratch, shell: Shell, before: string[], command = registered()) {
  const words = underShell(command, shell, place, ...before);
  return host(place, 'first').stop({ command: words });
}

/** What holds of every run, whatever it lacks: it ends with 0, and says nothing but one object that approves. */
function expectApproval({ code, stdout }: Ran, ...outputs: string[]): void {
  expect(code).toBe(0);
  expect(outputs).toContain(stdout);
}

function asDirectory(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

/** How a launcher of 0.1 ends, which read nothing in and set no trap. */
function as01(launcher: string): void {
  writeFileSync(launcher, `echo '${APPROVE.trim()}'\nexit 0\n`);
}

it.skipIf(MISSING.length === 0)(`is not tried under ${MISSING.join(', ')}: not installed`, (test) =>
  test.skip(),
);

describe.each(SHELLS)('under $name', (shell: Shell) => {
  it.each([
    ['stop-gate-router', registered(), APPROVE],
    ['shutdown-after-idle', registered('shutdown-after-idle'), HARMLESS],
    ['as 0.1 registered it', `/bin/sh ${registeredBefore()}`, APPROVE],
  ])('answers without a process to spare: %s', async (_, command, output) => {
    const place = scratch();
    giveAway(place);
    expectApproval(await stop(place, shell, withoutForks(), command), output);
  });

  it.skipIf(shell.insists)('approves where Node cannot be started', async () => {
    const place = scratch();
    arm(place);
    giveAway(place);
    expectApproval(await stop(place, shell, withoutForks()), APPROVE);
  });

  it('approves however few descriptors are left', async () => {
    const place = scratch();
    arm(place);
    // With 3 the shell itself does not start, and what starts it ends with 127.
    for (let most = 4; most < 16; most++) {
      const { code, stdout } = await stop(place, shell, withDescriptors(most));
      // BusyBox ends with 1 where it cannot put a descriptor aside: both hosts take that as an approval.
      expect(shell.program === 'busybox' ? [0, 1] : [0]).toContain(code);
      expect(['', HARMLESS, APPROVE]).toContain(stdout);
    }
  });

  it.skipIf(!isRoot)('holds the owner without /dev/null', async () => {
    const place = scratch();
    expectApproval(await stop(place, shell, withoutDevices()), APPROVE);
    await host(place, 'first').tool('stopgate build start "a task"');
    const { code, stdout } = await stop(place, shell, withoutDevices());
    expect(code).toBe(0);
    expect(JSON.parse(stdout).decision).toBe('block');
  });

  it.each([
    ['is missing', rmSync, HARMLESS],
    ['cannot be read', (launcher: string) => chmodSync(launcher, 0), HARMLESS],
    ['was cut off', (launcher: string) => writeFileSync(launcher, 'case $1 in'), HARMLESS],
    // Some shells read nothing of it and see no error. Saying nothing approves as well.
    ['is a directory', asDirectory, ''],
    ['is one of 0.1', as01, APPROVE],
  ])('approves when the launcher %s', async (_, spoil, output) => {
    const place = scratch();
    spoil(join(place.data, 'bin/stopgate-hook'));
    giveAway(place);
    const ran = await stop(place, shell, asNobody());
    expectApproval(ran, output, ...(output === '' ? [HARMLESS] : []));
  });

  it('approves when what is armed cannot be read', async () => {
    const place = scratch();
    const armed = arm(place);
    giveAway(place);
    for (const path of [armed, place.paths.armedStop, place.paths.root]) {
      chmodSync(path, 0);
      expectApproval(await stop(place, shell, asNobody()), APPROVE);
    }
  });
});
