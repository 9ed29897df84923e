import { beforeEach, expect, it } from 'vitest';
import { findBuild } from '../../src/build/find.ts';
import type { Build } from '../../src/build/schema.ts';
import { createBuild } from '../../src/build/store.ts';
import type { Identity } from '../../src/owner/identity.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { askerOf, lineageOf, stampOf } from '../owner/make.ts';
import { buildOf, LATER } from './make.ts';
import { scratchDir } from './scratch.ts';

let paths: StatePaths;
beforeEach(() => {
  paths = statePaths(scratchDir());
});

const put = (...builds: Partial<Build>[]) => {
  for (const build of builds) createBuild(paths, buildOf(build));
};
const person = { host: null, sessionId: null, agent: null, pane: null };
const neighbour = { sessionId: 'session-b', agent: null, pane: null };
const theirs = {
  id: 'theirs',
  owner: stampOf({ sessionId: 'session-b', agent: null, pane: null }),
};
const find = (me: Partial<Identity>, id?: string) =>
  findBuild(paths, askerOf(me), () => lineageOf(), id).build.id;

it("an agent's own build needs no name: the open one, else the newest that ended", () => {
  put({ id: 'old', phase: 'complete' }, { id: 'new', phase: 'complete', updatedAt: LATER }, theirs);
  expect(find({})).toBe('new');
  put({ id: 'open' });
  expect(find({})).toBe('open');
  expect(find(neighbour)).toBe('theirs');
});

it('a person in a plain terminal names one, whoever owns it', () => {
  put({ id: 'a' }, theirs, { id: 'free', owner: null });
  expect(['a', 'theirs', 'free'].map((id) => find(person, id))).toEqual(['a', 'theirs', 'free']);
});

it.each<[string, Partial<Identity>, string | undefined, string, string]>([
  ["an agent, by another's name", {}, 'theirs', 'foreign', 'Its owner'],
  ['an agent, by the name of a released one', {}, 'free', 'foreign', 'Its owner'],
  ['anybody, by a name that is none', person, 'gone', 'no-build', 'Open builds: free, theirs'],
  ['a person, without a name', person, undefined, 'no-build', '--build <id>'],
  ['an agent that owns none', {}, undefined, 'no-build', 'stopgate build start'],
])('refuses %s', (_name, me, id, code, hint) => {
  put(theirs, { id: 'free', owner: null });
  expect(() => find(me, id)).toThrow(
    expect.objectContaining({ code, hint: expect.stringContaining(hint) }),
  );
});
