import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { authorityScene } from '../support/authority-scene.ts';

it('enforcing, the installed hook holds a session once by its own open plan', async () => {
  const { stop } = await authorityScene({ kind: 'rules' }, 'enforce');
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
  const { stop } = await authorityScene({ kind: 'rules' }, 'shadow');
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
  const { stop } = await authorityScene({ kind: 'command', command }, 'enforce');
  const { output, record } = await stop();
  expect(output).toEqual({ decision: 'approve' });
  expect(record).toMatchObject({ verdict: 'approve', cause: 'inactive', authority: kind });
});

it('after three failures the next stop starts nothing, in a process of its own', async () => {
  const { place, stop } = await authorityScene(
    { kind: 'command', command: 'echo . >>asked' },
    'enforce',
  );
  for (let at = 0; at < 3; at++) await stop();
  const { record } = await stop();
  expect(record).toMatchObject({ authority: 'breaker-open', verdict: 'approve' });
  expect(readFileSync(join(place.project, 'asked'), 'utf8')).toBe('.\n.\n.\n');
});

it('a project cannot have a program called', async () => {
  const { place, stop } = await authorityScene({ kind: 'rules' }, 'enforce');
  const authority = { kind: 'command', command: 'touch called' };
  writeFileSync(join(place.project, 'stopgate.config.json'), JSON.stringify({ authority }));
  const { record } = await stop();
  expect(record).toMatchObject({ cause: 'authority', problems: [expect.stringMatching(/own/)] });
  expect(() => readFileSync(join(place.project, 'called'))).toThrow();
});
