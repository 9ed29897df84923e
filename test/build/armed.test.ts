import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { armedLine, isArmed, listArmed } from '../../src/build/armed.ts';
import { pause, release, resume, toPhase } from '../../src/build/change.ts';
import { PHASES } from '../../src/build/phases.ts';
import type { Build } from '../../src/build/schema.ts';
import { createBuild, updateBuild } from '../../src/build/store.ts';
import { statePaths } from '../../src/state/paths.ts';
import { stampOf } from '../owner/make.ts';
import { AT, buildOf } from './make.ts';
import { scratchDir } from './scratch.ts';

it.each(PHASES)('%s is armed if and only if it is open, not paused, and owned', (phase) => {
  const open = !['complete', 'failed', 'escalated', 'paused'].includes(phase);
  expect(isArmed(buildOf({ phase }))).toBe(open);
  expect(isArmed(buildOf({ phase, owner: null }))).toBe(false);
});

it.each<[string, Build['owner'], string]>([
  ['all known', stampOf(), 'session-a 500 boot:1\n'],
  ['a name only', stampOf({ sessionId: null, agent: null }), '- - -\n'],
  [
    'a start with spaces (macOS)',
    stampOf({ agent: { pid: 5, start: 'Sat Nov 21' } }),
    'session-a 5 -\n',
  ],
  ['a session id that a shell would read', stampOf({ sessionId: 'a b;$(id)\n' }), '- 500 boot:1\n'],
  ['an empty session id', stampOf({ sessionId: '' }), '- 500 boot:1\n'],
])('the line that the launcher reads: %s', (_name, owner, expected) => {
  expect(armedLine(buildOf({ owner }))).toBe(expected);
});

it('follows the build: start, pause, resume, release, end; the line changes with the owner', () => {
  const { id } = buildOf();
  const paths = statePaths(scratchDir());
  const change = (edit: (build: Build) => Build) => {
    updateBuild(paths, id, 100, edit);
    return listArmed(paths);
  };
  expect(listArmed(paths)).toEqual([]);
  createBuild(paths, buildOf());
  expect(listArmed(paths)).toEqual([id]);
  expect(change((b) => pause(b, 'why?', AT))).toEqual([]);
  expect(change((b) => resume(b, AT))).toEqual([id]);
  expect(change((b) => ({ ...b, owner: stampOf({ sessionId: 'session-b' }) }))).toEqual([id]);
  expect(readFileSync(join(paths.armedStop, id), 'utf8')).toBe('session-b 500 boot:1\n');
  expect(change((b) => release(b, AT))).toEqual([]);
  expect(change((b) => ({ ...b, owner: stampOf() }))).toEqual([id]);
  expect(change((b) => toPhase(b, 'complete', AT))).toEqual([]);
});

it('a line that stays is not written again', () => {
  const { id } = buildOf();
  const paths = statePaths(scratchDir());
  createBuild(paths, buildOf());
  const before = statSync(join(paths.armedStop, id), { bigint: true });
  updateBuild(paths, id, 100, (b) => toPhase(b, 'verifying', AT));
  const after = statSync(join(paths.armedStop, id), { bigint: true });
  expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
});

it('what a cut-off write left behind is no build', () => {
  const paths = statePaths(scratchDir());
  createBuild(paths, buildOf());
  writeFileSync(join(paths.armedStop, `${buildOf().id}.3141592`), '');
  expect(listArmed(paths)).toEqual([buildOf().id]);
});
