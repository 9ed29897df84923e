import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { mayBeAlive, readProcess } from '../../src/owner/process.ts';
import type { Ran } from '../support/agent.ts';
import { quote } from '../support/agent.ts';
import type { HookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { stopPayload } from '../support/payload.ts';
import type { Scratch } from '../support/scratch.ts';
import { gateRecords, readState } from '../support/state-files.ts';
import { until } from '../support/until.ts';

/** The timeout that install registers for a Stop hook (src/hosts/claude/entries.ts). */
const TIMEOUT_MS = 10_000;

async function owner(...checks: string[]) {
  const place = scratch();
  const agent = host(place, 'first');
  const flags = checks.map((check) => `--check ${quote(check)}`).join(' ');
  await agent.tool(`stopgate build start "a task" ${flags}`);
  const settings = join(place.home, '.config/stopgate/config.json');
  mkdirSync(dirname(settings), { recursive: true });
  writeFileSync(settings, '{"checksOnStop":true}');
  return { place, agent, stop: () => agent.stop({ input: freely(place) }) };
}

/** A stop of a session that may run every command without a question. */
function freely({ project }: Scratch): string {
  return stopPayload('first', project, { permission_mode: 'bypassPermissions' });
}

/** As hookOutput, but checks take their time. */
function answer(ran: Ran): HookOutput {
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toMatch(/^\{.*\}\n$/);
  expect(ran.ms).toBeLessThan(TIMEOUT_MS);
  return JSON.parse(ran.stdout);
}

it.each<[string, string[], string, string[]]>([
  ['pass', ['true', 'test -d .'], 'unfinished', ['stopgate build complete']],
  [
    'fail',
    ['true', 'echo "3 tests red" >&2; exit 1'],
    'check-failed',
    ['Failing check: echo', 'exit code 1', '| 3 tests red'],
  ],
  ['cannot start', ['no-such-program-9 --all'], 'check-failed', ['no-such-program-9', '127']],
  ['read stdin and want a tty', ['test -t 0 || read -r x'], 'check-failed', ['exit code 1']],
  [
    'print without end',
    ['yes "$(printf "%0200d" 7)" | head -c 30000000; false'],
    'check-failed',
    ['exit code 1'],
  ],
])('holds the owner whose checks %s', async (_, checks, cause, words) => {
  const { place, stop } = await owner(...checks);
  const { decision, reason = '' } = answer(await stop());
  expect(decision).toBe('block');
  for (const word of words) expect(reason).toContain(word);
  expect(Buffer.byteLength(reason)).toBeLessThan(2048);
  expect(gateRecords(place)).toMatchObject([{ cause, steps: { checks: expect.any(Number) } }]);
  expect(readState(place).budget.spent).toBe(1);
});

it('answers before its own timeout when a check hangs, and ends everything that it started', async () => {
  const { place, stop } = await owner(
    'trap "" TERM; sleep 97 & echo $! >child; echo $$ >self; wait; sleep 97',
    'touch never',
  );
  const { decision, reason = '' } = answer(await stop());
  expect(decision).toBe('block');
  expect(reason).toContain('no end after 7 s');
  for (const name of ['self', 'child']) {
    const pid = Number(readFileSync(join(place.project, name), 'utf8'));
    const info = readProcess(pid);
    await until(`process ${pid} to be gone`, () => !info || !mayBeAlive(info));
  }
  expect(existsSync(join(place.project, 'never'))).toBe(false);
});

it('a check that left its output open to a process of its own delays nobody', async () => {
  const { stop } = await owner('setsid sleep 30 & echo no; exit 1');
  const ran = await stop();
  expect(answer(ran).reason).toContain('| no');
});

it('checks run for the owner alone, and only where its stop would be held', async () => {
  const { place, agent, stop } = await owner('touch ran; false');
  const ran = () => existsSync(join(place.project, 'ran'));
  expect(answer(await host(place, 'other', process.ppid).stop())).toEqual({ decision: 'approve' });
  await agent.tool('stopgate build pause --reason "which one?"');
  expect(answer(await stop())).toEqual({ decision: 'approve' });
  expect(ran()).toBe(false);
  await agent.tool('stopgate build resume');
  answer(await agent.stop());
  expect(ran()).toBe(false);
  answer(await stop());
  expect(ran()).toBe(true);
});
