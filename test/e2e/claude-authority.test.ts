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
import { finalAnswer } from './support/claude-stream.ts';
import { claudeWire } from './support/claude-wire.ts';
import { startModelServer } from './support/model-server.ts';
import { runClaude } from './support/run-claude.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { gateEvents, installHook } from './support/stopgate.ts';

let place: Scratch;
beforeEach(async () => {
  place = scratch();
  await installHook(place);
});

/** One session of an agent that writes a plan and breaks off; what it was told besides its prompt. */
async function session() {
  const model = await startModelServer(claudeWire, () => {
    writePlan(place);
    return { say: GOES_ON };
  });
  const { stdout, exitCode } = await runClaude(place, model.url, 'Please add a greeting');
  expect(exitCode).toBe(0);
  expect(finalAnswer(stdout)).toBe(GOES_ON);
  const feedback = model.turns.at(-1)?.said.filter((text) => text.startsWith('Stop hook')) ?? [];
  return { turns: model.turns.length, feedback };
}

it('in shadow the session is as without us, and the log says what would have been', async () => {
  await useAuthority(place, { kind: 'rules' }, 'shadow');
  expect(await session()).toEqual({ turns: 1, feedback: [] });
  expect(gateEvents(place)).toMatchObject([
    {
      host: 'claude',
      verdict: 'approve',
      cause: 'disabled',
      would: { verdict: 'block', cause: 'authority' },
      rule: 'plan-next-step-open',
      pointers: ['PLAN.md'],
    },
  ]);
});

it('enforcing, it goes on once with the template’s text, and is then let go', async () => {
  await useAuthority(place, { kind: 'rules' }, 'enforce');
  expect(await session()).toEqual({ turns: 2, feedback: [expect.stringMatching(REMINDER)] });
  expect(gateEvents(place).map(({ verdict, cause }) => [verdict, cause])).toEqual([
    ['block', 'authority'],
    ['approve', 'inactive'],
  ]);
});

it('a person’s program holds it in our words, once', async () => {
  const judge = judgeProgram(place);
  judge.becomes(`cat >/dev/null; printf '%s' '${CONTINUE}'`);
  await useAuthority(place, judge.authority, 'enforce');
  expect(await session()).toEqual({ turns: 2, feedback: [expect.stringMatching(REMINDER)] });
  expect(readFileSync(judge.asked, 'utf8')).toBe('.\n');
});

it('a program that hangs, crashes or prints garbage changes nothing; then it is not started any more', async () => {
  const judge = judgeProgram(place);
  await useAuthority(place, judge.authority, 'enforce');
  for (const script of ['sleep 60', 'kill -SEGV $$', 'echo "{decision: continue"', 'exit 0']) {
    judge.becomes(script);
    expect(await session()).toEqual({ turns: 1, feedback: [] });
  }
  expect(gateEvents(place)).toMatchObject([
    { authority: 'failed', why: expect.stringContaining('no end within') },
    { authority: 'failed', why: expect.stringContaining('SIGSEGV') },
    { authority: 'invalid', breaker: 'opened' },
    { authority: 'breaker-open', verdict: 'approve' },
  ]);
  expect(readFileSync(judge.asked, 'utf8')).toBe('.\n.\n.\n');
});

it('a program that invents a path, or answers after the bound, changes nothing', async () => {
  const judge = judgeProgram(place);
  await useAuthority(place, judge.authority, 'enforce');
  const invented = CONTINUE.replace('PLAN.md', 'docs/plan.md');
  for (const script of [`printf '%s' '${invented}'`, `sleep 3; printf '%s' '${CONTINUE}'`]) {
    judge.becomes(script);
    expect(await session()).toEqual({ turns: 1, feedback: [] });
  }
  expect(gateEvents(place)).toMatchObject([
    { authority: 'invalid', why: expect.stringContaining('not in the evidence') },
    { authority: 'failed', why: expect.stringContaining('no end within') },
  ]);
});
