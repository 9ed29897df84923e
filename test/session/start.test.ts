import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { HookEvent } from '../../src/hosts/host.ts';
import { recordAfter } from '../../src/session/record.ts';
import { startedAs, startOf } from '../../src/session/start.ts';
import { updateSession } from '../../src/session/store.ts';
import { statePaths } from '../../src/state/paths.ts';
import { buildOf } from '../build/make.ts';
import { scratchDir } from '../build/scratch.ts';
import { AGENT, askerOf } from '../owner/make.ts';
import { recordOf, THEN } from './scene.ts';

const kept = { by: 'me', at: THEN, reason: 'for the demo' };

function event(changes: Partial<HookEvent> = {}): HookEvent {
  return {
    host: 'claude',
    name: 'SessionStart',
    sessionId: 'new',
    cwd: '/nowhere',
    transcriptPath: null,
    agentId: null,
    permissionMode: null,
    stopHookActive: false,
    lastMessage: null,
    source: 'clear',
    reason: null,
    backgroundTasks: 0,
    ...changes,
  } as HookEvent;
}

function started(changes: Partial<HookEvent>, me = askerOf({ agent: AGENT })) {
  const paths = statePaths(scratchDir());
  const old = recordOf({ sessionId: 'old', agent: AGENT, retained: kept });
  updateSession(paths, 'old', 1000, () => old);
  updateSession(paths, 'older', 1000, () => ({
    ...old,
    sessionId: 'older',
    lastActivityAt: '2025-01-01T00:00:00.000Z',
  }));
  const happened = event(changes);
  const record = recordAfter(null, happened, me, THEN);
  return startedAs(record, startOf(paths, happened, me, buildOf()));
}

it.each(['clear', 'resume', 'fork'])(
  'a process that goes on by %s keeps what it was, and its keep',
  (source) => {
    expect(started({ source })).toMatchObject({ previous: 'old', retained: kept });
  },
);

it.each<[string, Partial<HookEvent>, ReturnType<typeof askerOf> | undefined]>([
  ['a new process', { source: 'startup' }, undefined],
  ['a compaction', { source: 'compact' }, undefined],
  ['another process', {}, askerOf({ agent: { ...AGENT, start: 'boot:2' } })],
  ['a process that is not known', {}, askerOf({ agent: null })],
])('%s has no earlier session', (_name, changes, me) => {
  const record = started(changes, me);
  expect(record.previous).toBeNull();
  expect(record.retained).toBeUndefined();
});

it('a release is not undone by what the process was before', () => {
  const previous = recordOf({ retained: kept });
  const record = recordOf({ sessionId: 'new', retained: null });
  expect(
    startedAs(record, { previous, worktree: null, daemon: null, build: null }).retained,
  ).toBeNull();
});

it('names the working tree it starts in, and each build that it owns once', () => {
  const tree = scratchDir();
  mkdirSync(join(tree, '.git'));
  mkdirSync(join(tree, 'src'));
  const record = started({ cwd: join(tree, 'src') });
  expect(record).toMatchObject({ worktree: tree, builds: [buildOf().id] });
  const again = startedAs(record, {
    previous: null,
    worktree: tree,
    daemon: null,
    build: buildOf(),
  });
  expect(again.builds).toEqual([buildOf().id]);
  expect(started({ cwd: scratchDir() }).worktree).toBeNull();
});
