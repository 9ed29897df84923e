import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { createBuild } from '../../src/build/store.ts';
import { askAuthority } from '../../src/gate/ask-authority.ts';
import { readGate, updateGate } from '../../src/gate/mode.ts';
import { HOSTS } from '../../src/hosts/index.ts';
import { identify } from '../../src/owner/identity.ts';
import { recordAfter } from '../../src/session/record.ts';
import { updateSession } from '../../src/session/store.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { buildOf } from '../build/make.ts';
import { scratchDir } from '../build/scratch.ts';
import { stampOf } from '../owner/make.ts';
import { makeRepo, type Repo, START } from './authority/repo.ts';

let paths: StatePaths;
let repo: Repo;
beforeEach(() => {
  paths = statePaths(join(scratchDir(), 'state'));
  repo = makeRepo();
  repo.commit('PLAN.md', '- [ ] one\n');
});

const eventOf = (name: string, message: string | null) =>
  HOSTS.claude.parseEvent({
    session_id: 'a',
    hook_event_name: name,
    cwd: repo.dir,
    last_assistant_message: message,
  });

function startSession(): void {
  const me = identify({ host: 'claude', sessionId: 'a', cwd: repo.dir, env: {}, pid: process.pid });
  const event = eventOf('SessionStart', null);
  updateSession(paths, 'a', 1000, (before) => recordAfter(before, event, me, START.toISOString()));
}

const ask = (command: string | null, message = 'Moving on to step 1.') =>
  askAuthority(
    { event: eventOf('Stop', message), paths, project: repo.dir },
    command === null ? { kind: 'rules' } : { kind: 'command', command },
  );

it('a session whose record says when it began is held by its own open plan', async () => {
  startSession();
  expect(await ask(null)).toEqual({
    verdict: { decision: 'block', cause: 'authority', reason: expect.stringMatching(/PLAN\.md/) },
    record: {
      authority: 'continue',
      rule: 'plan-next-step-open',
      pointers: ['PLAN.md', expect.any(String)],
      because: expect.any(String),
    },
  });
  expect(existsSync(paths.gate)).toBe(false);
});

it('a session without a record is not', async () => {
  expect(await ask(null)).toEqual({
    verdict: null,
    record: {
      authority: 'escalate',
      rule: 'insufficient-signal',
      pointers: [],
      because: 'the start of this session is not known',
    },
  });
});

it('a session that paused a build for a question is not', async () => {
  startSession();
  const owner = stampOf({ sessionId: 'a' });
  createBuild(paths, buildOf({ owner, phase: 'paused', pausedFrom: 'executing' }));
  expect(await ask(null)).toEqual({ verdict: null, record: { authority: 'paused' } });
});

it('three failures in a row, of any kind, leave the authority alone, and other processes know', async () => {
  const failing = 'echo . >>asked; exit 1';
  expect((await ask(failing)).record).toMatchObject({ authority: 'failed' });
  expect((await ask('echo . >>asked; echo nonsense')).record).toMatchObject({
    authority: 'invalid',
  });
  const third = await ask(failing);
  expect(third).toMatchObject({ verdict: null, record: { breaker: 'opened' } });
  expect(await ask(failing)).toEqual({ verdict: null, record: { authority: 'breaker-open' } });
  expect(readFileSync(join(repo.dir, 'asked'), 'utf8')).toBe('.\n.\n.\n');
  expect(readGate(paths).breaker.openUntil).toMatch(/^20/);
});

it('it is asked again when the time is over, and one answer closes the breaker', async () => {
  const ago = new Date(Date.now() - 1).toISOString();
  updateGate(paths, 1000, (gate) => ({ ...gate, breaker: { failures: 2, openUntil: ago } }));
  expect((await ask(null)).record).toMatchObject({ authority: 'escalate' });
  expect(readGate(paths).breaker).toEqual({ failures: 0, openUntil: null });
});
