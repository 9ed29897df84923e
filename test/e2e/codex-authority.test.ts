import { readFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import {
  CONTINUE,
  GOES_ON,
  judgeProgram,
  REMINDER,
  useAuthority,
  writePlan,
} from './support/authority.ts';
import { codexWire } from './support/codex-wire.ts';
import { startModelServer } from './support/model-server.ts';
import { configureCodex, runCodex } from './support/run-codex.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { gateEvents, stopgate } from './support/stopgate.ts';

let place: Scratch;
beforeEach(async () => {
  place = scratch();
  await stopgate(place, 'install', '--host', 'codex', '--scope', 'user');
});

/** One session of an agent that writes a plan and breaks off; what it was told, and what became of the hook. */
async function session() {
  const model = await startModelServer(codexWire, () => {
    writePlan(place);
    return { say: GOES_ON };
  });
  configureCodex(place, model.url);
  const { stdout, stderr, exitCode } = await runCodex(place, 'Please add a greeting');
  expect([exitCode, stdout]).toEqual([0, GOES_ON]);
  expect(stderr).not.toMatch(/stop failed|hook failed/i);
  return {
    turns: model.turns.length,
    reminded: model.turns.at(-1)?.said.filter((text) => REMINDER.test(text)).length,
    hooks: [...stderr.matchAll(/^hook: Stop (\w+)/gm)].map(([, what]) => what),
  };
}

const FREE = { turns: 1, reminded: 0, hooks: ['Completed'] };
const HELD_ONCE = { turns: 2, reminded: 1, hooks: ['Blocked', 'Completed'] };

it('in shadow the session is as without us, and the log says what would have been', async () => {
  await useAuthority(place, { kind: 'rules' }, 'shadow');
  expect(await session()).toEqual(FREE);
  expect(gateEvents(place)).toMatchObject([
    { host: 'codex', verdict: 'approve', would: { cause: 'authority' }, pointers: ['PLAN.md'] },
  ]);
});

it('enforcing, it goes on once with the template’s text, and is then let go', async () => {
  await useAuthority(place, { kind: 'rules' }, 'enforce');
  expect(await session()).toEqual(HELD_ONCE);
  expect(gateEvents(place).map(({ verdict, cause }) => [verdict, cause])).toEqual([
    ['block', 'authority'],
    ['approve', 'inactive'],
  ]);
});

it('a program that hangs, crashes or prints garbage changes nothing; then it is not started any more', async () => {
  const judge = judgeProgram(place);
  await useAuthority(place, judge.authority, 'enforce');
  for (const script of ['sleep 60', 'kill -SEGV $$', 'echo "{decision: continue"', 'exit 0']) {
    judge.becomes(script);
    expect(await session()).toEqual(FREE);
  }
  expect(gateEvents(place)).toMatchObject([
    { authority: 'failed' },
    { authority: 'failed' },
    { authority: 'invalid', breaker: 'opened' },
    { authority: 'breaker-open' },
  ]);
  expect(readFileSync(judge.asked, 'utf8')).toBe('.\n.\n.\n');
});

it('a program that invents a path, or answers after the bound, changes nothing', async () => {
  const judge = judgeProgram(place);
  await useAuthority(place, judge.authority, 'enforce');
  const invented = CONTINUE.replace('PLAN.md', 'docs/plan.md');
  for (const script of [`printf '%s' '${invented}'`, `sleep 3; printf '%s' '${CONTINUE}'`]) {
    judge.becomes(script);
    expect(await session()).toEqual(FREE);
  }
  expect(gateEvents(place)).toMatchObject([{ authority: 'invalid' }, { authority: 'failed' }]);
});
