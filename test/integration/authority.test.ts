import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeRepo } from '../gate/authority/repo.ts';
import { BOUND_MS } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered } from '../support/installed-tree.ts';
import { stopPayload } from '../support/payload.ts';
import type { Scratch } from '../support/scratch.ts';
import { gateRecords } from '../support/state-files.ts';

const GOES_ON = 'Step 1 is in. Moving on to step 2.';

/** A project under git with a person's own settings, and a session that is known since its start. */
async function prepare(authority: object, mode: 'shadow' | 'enforce') {
  const place = scratch();
  const config = join(place.home, '.config/stopgate');
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'config.json'), JSON.stringify({ authority }));
  if (mode === 'enforce') writeMode(place);
  makeRepo(place.project);
  const session = host(place, 'one');
  const start = { session_id: 'one', hook_event_name: 'SessionStart', cwd: place.project };
  await session.run({
    command: registered('session'),
    input: JSON.stringify({ ...start, source: 'startup' }),
  });
  writeFileSync(join(place.project, 'PLAN.md'), '- [x] one\n- [ ] two\n');
  return { place, stop };

  async function stop(more: object = {}) {
    const message = { last_assistant_message: GOES_ON, ...more };
    const ran = await session.stop({ input: stopPayload('one', place.project, message) });
    expect(ran).toMatchObject({ code: 0, stderr: '', inputError: null });
    expect(ran.stdout).toMatch(/^\{.*\}\n$/);
    expect(ran.ms).toBeLessThan(BOUND_MS);
    return { output: JSON.parse(ran.stdout), record: gateRecords(place).at(-1), ms: ran.ms };
  }
}

function writeMode({ paths }: Scratch): void {
  const gate = {
    schema: 1,
    mode: 'enforce',
    projects: {},
    killedAt: null,
    breaker: { failures: 0, openUntil: null },
  };
  mkdirSync(paths.root, { recursive: true });
  writeFileSync(paths.gate, JSON.stringify(gate));
}

it('enforcing, the installed hook holds a session once by its own open plan', async () => {
  const { stop } = await prepare({ kind: 'rules' }, 'enforce');
  const { output, record } = await stop();
  expect(output).toEqual({
    decision: 'block',
    reason: expect.stringMatching(/^stopgate: you said .* open in "PLAN\.md"/),
  });
  expect(record).toMatchObject({
    verdict: 'block',
    cause: 'authority',
    rule: 'plan-next-step-open',
    pointers: ['PLAN.md'],
    steps: { authority: expect.any(Number) },
  });
  expect(JSON.stringify(record)).not.toContain('Moving on');
  expect((await stop({ stop_hook_active: true })).output).toEqual({ decision: 'approve' });
});

it('in shadow, which is the default, it writes down what it would have done', async () => {
  const { stop } = await prepare({ kind: 'rules' }, 'shadow');
  const { output, record } = await stop();
  expect(output).toEqual({ decision: 'approve' });
  expect(record).toMatchObject({ would: { cause: 'authority' }, rule: 'plan-next-step-open' });
});

it.each([
  ['hangs', 'sleep 30', 'failed'],
  ['crashes', 'kill -SEGV $$', 'failed'],
  ['prints garbage', 'echo "{\\"decision\\":\\"block\\",\\"reason\\":\\"mine\\"}"', 'invalid'],
  ['ends its own group', 'kill -9 0', 'failed'],
  ['writes to a closed stderr and stays', 'echo x >&2; sleep 9 & sleep 9', 'failed'],
])('a command that %s changes nothing', async (_name, command, kind) => {
  const { stop } = await prepare({ kind: 'command', command }, 'enforce');
  const { output, record } = await stop();
  expect(output).toEqual({ decision: 'approve' });
  expect(record).toMatchObject({ verdict: 'approve', cause: 'inactive', authority: kind });
});

it('after three failures the next stop starts nothing, in a process of its own', async () => {
  const { place, stop } = await prepare({ kind: 'command', command: 'echo . >>asked' }, 'enforce');
  for (let at = 0; at < 3; at++) await stop();
  const { record } = await stop();
  expect(record).toMatchObject({ authority: 'breaker-open', verdict: 'approve' });
  expect(readFileSync(join(place.project, 'asked'), 'utf8')).toBe('.\n.\n.\n');
});

it('a project cannot have a program called', async () => {
  const { place, stop } = await prepare({ kind: 'rules' }, 'enforce');
  const authority = { kind: 'command', command: 'touch called' };
  writeFileSync(join(place.project, 'stopgate.config.json'), JSON.stringify({ authority }));
  const { record } = await stop();
  expect(record).toMatchObject({ cause: 'authority', problems: [expect.stringMatching(/own/)] });
  expect(() => readFileSync(join(place.project, 'called'))).toThrow();
});
