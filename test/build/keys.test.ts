import { existsSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { arm, disarmId } from '../../src/build/armed.ts';
import { pause, release, resume, toPhase } from '../../src/build/change.ts';
import { idsUnder, isKeyed } from '../../src/build/keyed.ts';
import { agentKey, type Key, keysOf, paneKey, sessionKey } from '../../src/build/keys.ts';
import { idsNamed, openBuilds } from '../../src/build/named.ts';
import type { Build } from '../../src/build/schema.ts';
import { createBuild, keyBuilds, updateBuild } from '../../src/build/store.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { PANE, stampOf } from '../owner/make.ts';
import { AT, buildOf } from './make.ts';
import { scratchDir } from './scratch.ts';

let paths: StatePaths;
beforeEach(() => {
  paths = statePaths(join(scratchDir(), 'state'));
});

const { id } = buildOf();
const under = (...keys: Key[]) => idsUnder(paths, keys);
const change = (edit: (build: Build) => Build) => updateBuild(paths, id, 100, edit);

it('a build is under every fact that could make somebody its owner', () => {
  const owner = stampOf({ former: ['before'], tmuxName: 'work' });
  expect(keysOf(buildOf({ owner }))).toEqual(
    expect.arrayContaining(['session/session-a', 'session/before', 'agent/500', 'name']),
  );
  expect(keysOf(buildOf({ owner: null }))).toEqual([]);
});

it('a pane is named with its server, and a session id that is no file name by its hash', () => {
  const pane = { ...PANE, serverPid: 77, id: '%5' };
  expect(keysOf(buildOf({ owner: stampOf({ pane }) }))).toContain('pane/77-5');
  expect(paneKey(77, '%5')).toBe('pane/77-5');
  expect(sessionKey('../x')).toMatch(/^session\/[0-9a-f]{64}$/);
});

it('follows the build: start, pause, another owner, release, end', () => {
  createBuild(paths, buildOf({ owner: stampOf() }));
  expect(under('session/session-a')).toEqual([id]);
  change((build) => pause(build, 'why?', AT));
  expect([under('session/session-a'), existsSync(paths.armedStop)]).toEqual([[id], false]);
  change((build) => resume(build, AT));
  change((build) => ({ ...build, owner: stampOf({ sessionId: 'b', agent: null }) }));
  expect([under('session/session-a'), under(agentKey(500)), under('session/b')]).toEqual([
    [],
    [],
    [id],
  ]);
  change((build) => release(build, AT));
  expect(under('session/b')).toEqual([]);
  change((build) => ({ ...build, owner: stampOf() }));
  change((build) => toPhase(build, 'failed', AT));
  expect(under('session/session-a')).toEqual([]);
  expect(existsSync(join(paths.armedBy, 'session/session-a'))).toBe(false);
  expect(isKeyed(paths)).toBe(true);
});

it('what was armed without keys is no longer trusted, until somebody has put it under its own', () => {
  createBuild(paths, buildOf({ owner: stampOf() }));
  utimesSync(paths.armedKeyed, 1, 1);
  rmSync(paths.armedBy, { recursive: true });
  expect(isKeyed(paths)).toBe(false);
  arm(paths, buildOf({ id: 'another', owner: stampOf({ sessionId: 'b' }) }));
  expect(isKeyed(paths)).toBe(false);
  expect(idsNamed(paths, ['session/session-a'])).toEqual([id]);
  expect(isKeyed(paths)).toBe(true);
});

it('keys that cannot be written leave every armed build to be looked at', () => {
  createBuild(paths, buildOf({ owner: stampOf() }));
  utimesSync(paths.armedKeyed, 1, 1);
  rmSync(paths.armedBy, { recursive: true });
  writeFileSync(paths.armedBy, '');
  expect(keyBuilds(paths)).toBe(false);
  expect(idsNamed(paths, ['session/nobody'])).toEqual([id]);
  expect(openBuilds(paths, ['session/nobody']).map((build) => build.id)).toEqual([id]);
});

it('is not trusted where a state of 0.1 was never looked through', () => {
  expect(isKeyed(paths)).toBe(true);
  mkdirSync(paths.armedStop, { recursive: true });
  expect(isKeyed(paths)).toBe(false);
});

it('the last that is disarmed takes the directory along, and the next one brings it back', () => {
  createBuild(paths, buildOf({ owner: stampOf() }));
  disarmId(paths, id);
  expect(existsSync(paths.armedStop)).toBe(false);
  arm(paths, buildOf({ owner: stampOf() }));
  expect(statSync(join(paths.armedStop, id)).isFile()).toBe(true);
});

it('after any changes, exactly the builds with a key are found under it', () => {
  const owner = fc.option(
    fc.record({ sessionId: fc.constantFrom('a', 'b'), pid: fc.constantFrom(1, 2) }),
  );
  const step = fc.record({ name: fc.constantFrom('one', 'two', 'three'), owner });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const here = statePaths(join(scratchDir(), 'state'));
      const kept = new Map<string, Build>();
      for (const { name, owner: who } of steps) {
        const stamp =
          who && stampOf({ sessionId: who.sessionId, agent: { pid: who.pid, start: 'boot:1' } });
        if (!kept.has(name)) createBuild(here, buildOf({ id: name, owner: stamp }));
        const build = updateBuild(here, name, 100, (before) => ({ ...before, owner: stamp }));
        kept.set(name, build);
      }
      const keys: Key[] = ['session/a', 'session/b', 'agent/1', 'agent/2'];
      for (const key of keys) {
        const expected = [...kept.values()].filter((build) => keysOf(build).includes(key));
        expect(idsUnder(here, [key]).sort()).toEqual(expected.map((build) => build.id).sort());
      }
      expect(keyBuilds(here)).toBe(true);
      expect(isKeyed(here)).toBe(true);
    }),
    { numRuns: 40 },
  );
});
