import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import {
  becauseIn,
  type GateState,
  modesIn,
  readGate,
  updateGate,
  withKill,
  withMode,
} from '../../src/gate/mode.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { scratchDir } from '../build/scratch.ts';

let paths: StatePaths;
beforeEach(() => {
  paths = statePaths(join(scratchDir(), 'state'));
});

const gateOf = (changes: Partial<GateState>): GateState => ({ ...readGate(paths), ...changes });
const change = (changes: Partial<GateState>) =>
  updateGate(paths, 1000, (gate) => ({ ...gate, ...changes }));

it.each<[string, Partial<GateState>, ReturnType<typeof modesIn>, string]>([
  ['nothing set', {}, { build: 'enforce', authority: 'shadow' }, 'default'],
  ['set for the person', { mode: 'shadow' }, { build: 'shadow', authority: 'shadow' }, 'user'],
  [
    'set for the project, which wins',
    { mode: 'off', projects: { '/repo': 'enforce' } },
    { build: 'enforce', authority: 'enforce' },
    'project',
  ],
  [
    'set for another project',
    { projects: { '/other': 'off' } },
    { build: 'enforce', authority: 'shadow' },
    'default',
  ],
  [
    'the kill switch, which beats everything',
    { killedAt: '2026-03-01T12:00:00.000Z', projects: { '/repo': 'enforce' } },
    { build: 'off', authority: 'off' },
    'kill-switch',
  ],
])('the mode of a project: %s', (_, changes, modes, because) => {
  expect(modesIn(gateOf(changes), '/repo')).toEqual(modes);
  expect(becauseIn(gateOf(changes), '/repo')).toBe(because);
});

it.each(['__proto__', 'constructor', 'toString'])(
  '%s is no name of a project with a mode',
  (name) => {
    expect(modesIn(gateOf({}), name)).toEqual({ build: 'enforce', authority: 'shadow' });
    expect(becauseIn(gateOf({}), name)).toBe('default');
    const set = withMode(gateOf({}), name, 'off');
    expect(modesIn(set, name)).toEqual({ build: 'off', authority: 'off' });
  },
);

it('a mode is set for everywhere or for one project, and taken back', () => {
  const before = gateOf({ projects: { '/other': 'off' } });
  const here = withMode(withMode(before, null, 'off'), '/repo', 'shadow');
  expect(here).toMatchObject({ mode: 'off', projects: { '/other': 'off', '/repo': 'shadow' } });
  expect(withMode(withMode(here, '/repo', null), null, null)).toEqual(before);
});

it('the kill switch stays as old as it is, and leaves the modes alone', () => {
  const on = withKill(gateOf({ mode: 'shadow' }), true, 'then');
  expect(on).toMatchObject({ mode: 'shadow', killedAt: 'then' });
  expect(withKill(on, true, 'later')).toBe(on);
  expect(withKill(on, false, 'later')).toMatchObject({ mode: 'shadow', killedAt: null });
});

it.each<[string, Partial<GateState>, boolean]>([
  ['the kill switch', { killedAt: '2026-03-01T12:00:00.000Z' }, true],
  ['off everywhere', { mode: 'off' }, true],
  ['off but for one project', { mode: 'off', projects: { '/repo': 'shadow' } }, false],
  ['off in one project only', { projects: { '/repo': 'off' } }, false],
])('the launcher answers by itself while no stop could be held: %s', (_, changes, off) => {
  change(changes);
  expect(existsSync(paths.armedOff)).toBe(off);
  change({ mode: null, projects: {}, killedAt: null });
  expect(existsSync(paths.armedOff)).toBe(false);
});

it('a corrupt file stays off where the launcher was told so', () => {
  change({ killedAt: '2026-03-01T12:00:00.000Z' });
  writeFileSync(paths.gate, '{"schema":1,');
  expect(modesIn(readGate(paths), '/repo').build).toBe('off');
  change({ killedAt: null });
  expect(modesIn(readGate(paths), '/repo').build).toBe('enforce');
});

it('what a newer stopgate wrote is neither guessed at nor written over', () => {
  change({ mode: 'off' });
  const newer = '{"schema":9,"mode":"half"}';
  writeFileSync(paths.gate, newer);
  const refusal = expect.objectContaining({ code: 'newer-schema' });
  expect(() => readGate(paths)).toThrow(refusal);
  expect(() => change({ mode: null })).toThrow(refusal);
  expect(readFileSync(paths.gate, 'utf8')).toBe(newer);
});

it('a corrupt file counts as none and is set aside', () => {
  mkdirSync(dirname(paths.gate), { recursive: true });
  writeFileSync(paths.gate, '{"schema":1,');
  expect(modesIn(readGate(paths), '/repo').build).toBe('enforce');
  expect(existsSync(paths.gate)).toBe(false);
});
