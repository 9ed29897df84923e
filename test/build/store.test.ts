import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { listArmed } from '../../src/build/armed.ts';
import { addStep, toPhase } from '../../src/build/change.ts';
import {
  createBuild,
  disarmOrphan,
  listBuilds,
  listCorrupt,
  readBuild,
  updateBuild,
  withBuildsLock,
} from '../../src/build/store.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { AT, buildOf } from './make.ts';
import { scratchDir } from './scratch.ts';

const { id } = buildOf();
const place = (): StatePaths => statePaths(join(scratchDir(), 'state'));

function put(paths: StatePaths, bytes: string | Buffer): void {
  mkdirSync(dirname(paths.build(id)), { recursive: true });
  writeFileSync(paths.build(id), bytes);
}

it('what was created is read back, in files of its person only', () => {
  const paths = place();
  createBuild(paths, buildOf());
  expect(readBuild(paths, id)).toEqual({ kind: 'value', value: buildOf() });
  expect(listBuilds(paths)).toEqual([id]);
  expect(statSync(paths.build(id)).mode & 0o777).toBe(0o600);
  expect(statSync(paths.builds).mode & 0o777).toBe(0o700);
  expect(readdirSync(paths.builds)).toEqual([`${id}.json`]);
});

it('disarms a name without a build, but not while a build is being started', () => {
  const paths = place();
  createBuild(paths, buildOf());
  disarmOrphan(paths, id);
  expect(listArmed(paths)).toEqual([id]);
  rmSync(paths.build(id));
  withBuildsLock(paths, 1000, () => disarmOrphan(paths, id));
  expect(listArmed(paths)).toEqual([id]);
  disarmOrphan(paths, id);
  expect(listArmed(paths)).toEqual([]);
});

it('nothing there is no error', () => {
  const paths = place();
  expect(readBuild(paths, id)).toEqual({ kind: 'missing' });
  expect([listBuilds(paths), listCorrupt(paths)]).toEqual([[], []]);
  expect(existsSync(paths.root)).toBe(false);
});

const whole = JSON.stringify(buildOf());
const inTask = whole.indexOf('a parser');

it.each<[string, string | Buffer]>([
  ['empty', ''],
  ['cut short', whole.slice(0, 200)],
  ['zeros', Buffer.alloc(64)],
  ['not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  [
    'not UTF-8 inside a text',
    Buffer.concat([
      Buffer.from(whole.slice(0, inTask)),
      Buffer.from([0xff]),
      Buffer.from(whole.slice(inTask)),
    ]),
  ],
  ['another JSON value', '[]'],
  ['null', 'null'],
  ['no schema', JSON.stringify({ ...buildOf(), schema: undefined })],
  ['a schema that is a text', JSON.stringify({ ...buildOf(), schema: '1' })],
  ['an unknown phase', JSON.stringify({ ...buildOf(), phase: 'dreaming' })],
  [
    'a negative budget',
    JSON.stringify({ ...buildOf(), budget: { limit: -1, spent: 0, streak: 0, toldAt: null } }),
  ],
  ['an owner without machine', JSON.stringify({ ...buildOf(), owner: { sessionId: 's' } })],
  ['the id of another build', JSON.stringify({ ...buildOf(), id: 'another-build' })],
  ['an id that leads elsewhere', JSON.stringify({ ...buildOf(), id: '../../x' })],
])('corrupt (%s): set aside with its bytes, and never read again', (_name, bytes) => {
  const paths = place();
  put(paths, bytes);
  const found = readBuild(paths, id);
  expect(found).toMatchObject({ kind: 'corrupt', why: expect.stringMatching(/./) });
  const [aside = ''] = listCorrupt(paths);
  expect(found).toMatchObject({ setAside: aside });
  expect(aside).toMatch(/\.json\.corrupt-\d{4}-/);
  expect(readFileSync(aside)).toEqual(Buffer.from(bytes));
  expect(readBuild(paths, id)).toEqual({ kind: 'missing' });
  expect(listBuilds(paths)).toEqual([]);
});

it('a newer schema is left alone, byte by byte, and refused', () => {
  const paths = place();
  const text = JSON.stringify({ schema: 2, all: 'different' });
  put(paths, text);
  expect(readBuild(paths, id)).toEqual({ kind: 'newer', schema: 2 });
  expect(() => updateBuild(paths, id, 100, (b) => b)).toThrow(
    expect.objectContaining({ code: 'newer-schema' }),
  );
  expect(readFileSync(paths.build(id), 'utf8')).toBe(text);
});

it('unknown keys, also deep ones, go through an update', () => {
  const paths = place();
  const build = {
    ...buildOf(),
    later: { a: [1] },
    owner: { ...buildOf().owner, later: 1, pane: { ...buildOf().owner?.pane, later: 2 } },
    steps: [{ at: AT, description: 'd', later: 3 }],
    budget: { ...buildOf().budget, later: 4 },
    history: [{ at: AT, what: 'started', later: 5 }],
  };
  put(paths, JSON.stringify(build));
  updateBuild(paths, id, 100, (before) => addStep(before, { description: 'e' }, AT));
  const after = JSON.parse(readFileSync(paths.build(id), 'utf8'));
  expect(after).toMatchObject({ later: { a: [1] }, owner: build.owner, budget: { later: 4 } });
  expect(after.steps[0]).toEqual(build.steps[0]);
  expect(after.history[0]).toEqual(build.history[0]);
  expect(after.steps).toHaveLength(2);
});

it('an update that changes nothing writes nothing: same bytes, same file, same times', () => {
  const paths = place();
  createBuild(paths, buildOf());
  const before = statSync(paths.build(id), { bigint: true });
  const bytes = readFileSync(paths.build(id));
  chmodSync(paths.builds, 0o500);
  updateBuild(paths, id, 100, (build) => build);
  chmodSync(paths.builds, 0o700);
  const after = statSync(paths.build(id), { bigint: true });
  expect(readFileSync(paths.build(id))).toEqual(bytes);
  expect([after.mtimeNs, after.ctimeNs, after.ino]).toEqual([
    before.mtimeNs,
    before.ctimeNs,
    before.ino,
  ]);
});

it('an edit that throws writes nothing and leaves no lock', () => {
  const paths = place();
  createBuild(paths, buildOf({ phase: 'complete' }));
  const bytes = readFileSync(paths.build(id));
  expect(() => updateBuild(paths, id, 100, (b) => toPhase(b, 'executing', AT))).toThrow(
    'cannot go',
  );
  expect(readFileSync(paths.build(id))).toEqual(bytes);
  expect(readdirSync(paths.locks)).toEqual([]);
});

it.each([
  ['no-build', null],
  ['corrupt', '{'],
])('an update of nothing readable is refused: %s', (code, text) => {
  const paths = place();
  if (text !== null) put(paths, text);
  expect(() => updateBuild(paths, id, 100, (b) => b)).toThrow(expect.objectContaining({ code }));
  expect(readdirSync(paths.locks)).toEqual([]);
});
