import { expect, it } from 'vitest';
import { BUILD_SCHEMA, type Build, buildSchema } from '../../src/build/schema.ts';
import { newBuild, type RecordedOwner, rivalOf, type StartOptions } from '../../src/build/start.ts';
import type { Identity } from '../../src/owner/identity.ts';
import { parseState } from '../../src/state/json-file.ts';
import { AGENT, askerOf, lineageOf, PANE, stampOf } from '../owner/make.ts';
import { AT, buildOf } from './make.ts';
import { git, scratchDir } from './scratch.ts';

const recorded: RecordedOwner = () => null;

const start = (options: Partial<StartOptions> = {}, me: Partial<Identity> = {}) =>
  newBuild(
    { task: 'add a parser', size: 'standard', checks: [], ...options },
    askerOf(me),
    recorded,
    AT,
  );

it('stamps the asker, and is a state file that reads back', () => {
  const build = start();
  const { inherited: _, ...owner } = stampOf({ stampedAt: AT });
  expect(build).toMatchObject({
    owner,
    phase: 'executing',
    size: 'standard',
    checkouts: ['/repo'],
  });
  const text = JSON.stringify(build);
  expect(parseState(text, { version: BUILD_SCHEMA, schema: () => buildSchema })).toEqual({
    kind: 'value',
    value: JSON.parse(text),
  });
});

it.each([
  ['small', 3],
  ['standard', 5],
  ['large', 10],
] as const)('a %s one has %i reminders', (size, limit) => {
  expect(start({ size }).budget).toEqual({ limit, spent: 0, streak: 0, toldAt: null });
});

it('remembers the checkout and its commit', () => {
  const repo = scratchDir();
  git(repo, 'init', '-q');
  git(repo, 'commit', '-q', '--allow-empty', '-m', 'c');
  const build = start({}, { cwd: repo });
  expect(build).toMatchObject({ checkouts: [repo], head: git(repo, 'rev-parse', 'HEAD') });
});

it.each([
  ['Add a Parser, now!', /^add-a-parser-now-[0-9a-f]{6}$/],
  ['漢字', /^build-[0-9a-f]{6}$/],
  ['../../etc/passwd', /^etc-passwd-[0-9a-f]{6}$/],
  ['x'.repeat(300), /^x{40}-[0-9a-f]{6}$/],
])('the id of %j is a plain word', (task, id) => {
  expect(start({ task }).id).toMatch(id);
  expect(start({ task }).id).not.toBe(start({ task }).id);
});

const nobody = { host: null, sessionId: null, agent: null, pane: null };

const full = { host: 'claude', sessionId: 'session-a', agent: AGENT, pane: PANE, tmuxName: null };

it.each<[string, Partial<StartOptions>, object]>([
  ['--owner-session', { ownerSession: 's' }, { ...nobody, sessionId: 's', tmuxName: null }],
  ['--owner-tmux', { ownerTmux: 'other' }, { ...nobody, tmuxName: 'other' }],
  ['--owner-tmux as tmux shows it', { ownerTmux: 'a.b:c' }, { ...nobody, tmuxName: 'a_b_c' }],
  [
    'both flags',
    { ownerSession: 's', ownerTmux: 'other' },
    { ...nobody, sessionId: 's', tmuxName: 'other' },
  ],
])('%s of somebody else stamps that and nothing of the asker', (_name, options, expected) => {
  for (const me of [{}, nobody]) expect(start(options, me).owner).toMatchObject(expected);
});

it.each<[string, Partial<StartOptions>, Partial<Identity>, object]>([
  ['its own session id', { ownerSession: 'session-a' }, {}, full],
  ['its own tmux session', { ownerTmux: 'work' }, {}, full],
  ['its own of both', { ownerSession: 'session-a', ownerTmux: 'work' }, {}, full],
  ['empty values', { ownerSession: '', ownerTmux: '' }, {}, full],
  [
    'its own session id and another tmux session',
    { ownerSession: 'session-a', ownerTmux: 'other' },
    {},
    { ...full, tmuxName: 'other' },
  ],
  [
    'another session id and its own tmux session',
    { ownerSession: 's', ownerTmux: 'work' },
    {},
    { ...nobody, sessionId: 's', tmuxName: 'work' },
  ],
  [
    'its own tmux session, which shows the pane beside another',
    { ownerTmux: 'work' },
    { sharedPane: true },
    { ...nobody, tmuxName: 'work' },
  ],
  [
    'its own tmux session, from below another agent',
    { ownerTmux: 'work' },
    { outermost: false },
    { ...nobody, tmuxName: 'work' },
  ],
])('flags add to what is proven of the asker: %s', (_name, options, me, expected) => {
  expect(start(options, me).owner).toMatchObject(expected);
});

it('--owner-session adds the process and the pane that are recorded of that session', () => {
  const known = { host: 'codex' as const, agent: { pid: 7, start: 'boot:7' }, pane: PANE };
  const options = { task: 't', size: 'small' as const, checks: [], ownerSession: 's' };
  const build = newBuild(options, askerOf(nobody), (id) => (id === 's' ? known : null), AT);
  expect(build.owner).toMatchObject({ ...known, sessionId: 's', tmuxName: null });
});

it.each(['idle', 'clarify', 'planning', 'executing'] as const)('begins in phase %s', (phase) => {
  expect(start({ phase })).toMatchObject({ phase, history: [{ what: 'started', to: phase }] });
});

it('an asker without session id gets no build, even with a pane or a process', () => {
  for (const me of [nobody, { ...nobody, pane: PANE, agent: AGENT }]) {
    expect(() => start({}, me)).toThrow(
      expect.objectContaining({
        code: 'no-identity',
        exitCode: 1,
        hint: expect.stringContaining('--owner-session'),
      }),
    );
  }
});

const other = { sessionId: 'session-b', agent: null, pane: null };

it.each<[string, Partial<StartOptions>, Partial<Identity>, Partial<Build>, boolean]>([
  ['the same session', {}, {}, {}, true],
  ['the same session, paused', {}, {}, { phase: 'paused', pausedFrom: 'executing' }, true],
  ['the same session, ended', {}, {}, { phase: 'complete' }, false],
  ['another session', {}, other, {}, false],
  ["nobody's", {}, {}, { owner: null }, false],
  ['--owner-session of an owner', { ownerSession: 'session-a' }, other, {}, true],
  ['--owner-session of another', { ownerSession: 'session-c' }, {}, {}, false],
  [
    '--owner-tmux, twice',
    { ownerTmux: 'work' },
    nobody,
    { owner: stampOf({ ...nobody, tmuxName: 'work' }) },
    true,
  ],
  [
    '--owner-tmux, two names',
    { ownerTmux: 'work' },
    nobody,
    { owner: stampOf({ ...nobody, tmuxName: 'else' }) },
    false,
  ],
])('is a rival: %s', (_name, options, me, first, expected) => {
  const { owner } = start(options, me);
  if (owner === null) throw new Error('expected a stamp');
  const builds = [buildOf({ id: 'first', ...first })];
  const rival = rivalOf(owner, builds, askerOf(me), () => lineageOf());
  expect(rival?.id ?? null).toBe(expected ? 'first' : null);
});
