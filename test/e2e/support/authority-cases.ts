import { readFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { CONTINUE, GOES_ON, judgeProgram, useAuthority, writePlan } from './authority.ts';
import type { Script } from './model-server.ts';
import { type Scratch, scratch } from './scratch.ts';
import { gateEvents } from './stopgate.ts';

/** What the cases have to know of a host. */
interface AuthorityHost<S> {
  host: 'claude' | 'codex';
  install: (place: Scratch) => Promise<unknown>;
  /** One session from start to end, as its person and its model saw it. */
  session: (place: Scratch, script: Script) => Promise<S>;
  /** A session that nobody held. */
  free: S;
  /** A session that was held once, in our words. */
  held: S;
}

/** What an authority does to an agent that writes a plan and breaks off, the same for every host. */
export function authorityCases<S>({ host, install, session, free, held }: AuthorityHost<S>): void {
  let place: Scratch;
  beforeEach(async () => {
    place = scratch();
    await install(place);
  });

  const breaksOff = () =>
    session(place, () => {
      writePlan(place);
      return { say: GOES_ON };
    });

  it('in shadow the session is as without us, and the log says what would have been', async () => {
    await useAuthority(place, { kind: 'rules' }, 'shadow');
    expect(await breaksOff()).toEqual(free);
    expect(gateEvents(place)).toMatchObject([
      {
        host,
        verdict: 'approve',
        cause: 'disabled',
        would: { verdict: 'block', cause: 'authority' },
        rule: 'plan-next-step-open',
        pointers: ['PLAN.md'],
      },
    ]);
  });

  it('enforcing, it goes on once with the template’s text, and is then let go', {
    tags: 'smoke',
  }, async () => {
    await useAuthority(place, { kind: 'rules' }, 'enforce');
    expect(await breaksOff()).toEqual(held);
    expect(gateEvents(place).map(({ verdict, cause }) => [verdict, cause])).toEqual([
      ['block', 'authority'],
      ['approve', 'inactive'],
    ]);
  });

  it('a person’s program holds it in our words, once', async () => {
    const judge = judgeProgram(place);
    judge.becomes(`cat >/dev/null; printf '%s' '${CONTINUE}'`);
    await useAuthority(place, judge.authority, 'enforce');
    expect(await breaksOff()).toEqual(held);
    expect(readFileSync(judge.asked, 'utf8')).toBe('.\n');
  });

  it('a program that hangs, crashes or prints garbage changes nothing; then it is not started any more', async () => {
    const judge = judgeProgram(place);
    await useAuthority(place, judge.authority, 'enforce');
    for (const script of ['sleep 60', 'kill -SEGV $$', 'echo "{decision: continue"', 'exit 0']) {
      judge.becomes(script);
      expect(await breaksOff()).toEqual(free);
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
      expect(await breaksOff()).toEqual(free);
    }
    expect(gateEvents(place)).toMatchObject([
      { authority: 'invalid', why: expect.stringContaining('not in the evidence') },
      { authority: 'failed', why: expect.stringContaining('no end within') },
    ]);
  });
}
