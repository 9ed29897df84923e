import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { dangerAtAGlance, dangerIn } from '../../src/state/danger.ts';
import { isPrivateGroup, isUnmapped } from '../../src/state/other-users.ts';
import { statePaths } from '../../src/state/paths.ts';
import { readRegularFile } from '../../src/state/read-file.ts';
import { scratchDir } from '../build/scratch.ts';

/** Only root can give a directory to somebody else. */
const isRoot = process.getuid?.() === 0;
const SOMEBODY = 4242;

/** `top/above/state`, where everybody may enter; a scratch directory lets nobody else in. */
function place() {
  const top = scratchDir();
  const above = join(top, 'above');
  const root = join(above, 'state');
  mkdirSync(join(root, 'builds'), { recursive: true, mode: 0o755 });
  for (const dir of [top, above]) chmodSync(dir, 0o755);
  chmodSync(root, 0o700);
  return { top, above, root };
}

type Made = ReturnType<typeof place>;

/** What is done to the place, what is wrong then, and whether a glance sees it. */
const SITUATIONS: [string, (made: Made) => void, string | null, boolean?][] = [
  ['made by stopgate', () => {}, null],
  ['not there yet', ({ root }) => rmSync(root, { recursive: true }), null],
  ['not there yet, where others may write', nowhere, 'writable-above'],
  ['one that others may read', ({ root }) => chmodSync(root, 0o755), null],
  ['one that others may write to', ({ root }) => chmodSync(root, 0o777), 'writable'],
  ['a sticky one that others may write to', ({ root }) => chmodSync(root, 0o1777), 'writable'],
  ['one with a part that others may write to', partOpen, 'writable', false],
  ['below one that others may write to', ({ above }) => chmodSync(above, 0o777), 'writable-above'],
  ['below a sticky one that others may write to', ({ above }) => chmodSync(above, 0o1777), null],
  ['further below one that others may write to', topOpen, 'writable-above', false],
  ['below one that others may write to and nobody else may reach', shut, null],
];

function nowhere({ above, root }: Made): void {
  rmSync(root, { recursive: true });
  chmodSync(above, 0o777);
}

function partOpen({ root }: Made): void {
  chmodSync(join(root, 'builds'), 0o777);
}

function topOpen({ top }: Made): void {
  chmodSync(top, 0o777);
}

function shut({ top, above }: Made): void {
  chmodSync(above, 0o777);
  chmodSync(top, 0o700);
}

it.each(SITUATIONS)('a state directory that is %s', (_, change, kind, isGlanced = true) => {
  const made = place();
  change(made);
  expect(dangerIn(made.root)?.kind ?? null).toBe(kind);
  expect(dangerAtAGlance(made.root)?.kind ?? null).toBe(isGlanced ? kind : null);
});

it('each directory that stopgate makes in a state directory is looked at', () => {
  const { root } = place();
  const paths = Object.values(statePaths(root)).map((path) =>
    typeof path === 'string' ? path : path('any' as never),
  );
  const tops = new Set(paths.map((path) => relative(root, path).split('/')[0] ?? ''));
  for (const top of [...tops].filter((name) => name !== '' && !name.endsWith('.json'))) {
    mkdirSync(join(root, top), { recursive: true });
    chmodSync(join(root, top), 0o777);
    expect(dangerIn(root)).toMatchObject({ path: join(root, top) });
    chmodSync(join(root, top), 0o700);
  }
});

const OTHERS: [string, (made: Made) => void, string | null][] = [
  ['somebody else’s', ({ root }) => chownSync(root, SOMEBODY, SOMEBODY), 'not-ours'],
  ['with a part of somebody else’s', ({ root }) => give(join(root, 'builds')), 'not-ours'],
  ['with a link of somebody else’s for a part', linkedPart, 'not-ours'],
  ['below somebody else’s', ({ above }) => give(above), 'owner-above'],
  ['writable by a group of others', groupOpen, 'writable'],
];

function give(path: string): void {
  chownSync(path, SOMEBODY, SOMEBODY);
}

function linkedPart({ top, root }: Made): void {
  rmSync(join(root, 'builds'), { recursive: true });
  symlinkSync(top, join(root, 'builds'));
  lchownSync(join(root, 'builds'), SOMEBODY, SOMEBODY);
}

function groupOpen({ root }: Made): void {
  chownSync(root, process.getuid?.() ?? 0, SOMEBODY);
  chmodSync(root, 0o770);
}

it.skipIf(!isRoot).each(OTHERS)('a state directory that is %s', (_, change, kind) => {
  const made = place();
  change(made);
  expect(dangerIn(made.root)?.kind ?? null).toBe(kind);
});

it('a group that is this person’s alone may write', () => {
  const { root } = place();
  chmodSync(root, 0o770);
  const expected = isPrivateGroup(statSync(root).gid) ? null : 'writable';
  expect(dangerIn(root)?.kind ?? null).toBe(expected);
  expect(isPrivateGroup(SOMEBODY)).toBe(false);
});

it('a link is followed where it is one’s own, and what it leads to has to be safe', () => {
  const { top, root } = place();
  const link = join(top, 'link');
  symlinkSync(root, link);
  expect(dangerIn(link)).toBeNull();
  chmodSync(root, 0o777);
  expect(dangerIn(link)).toMatchObject({ kind: 'writable', path: root });
});

it.skipIf(!isRoot)('a file of somebody else in our directory is no state of ours', () => {
  const { root } = place();
  const path = join(root, 'builds/planted.json');
  writeFileSync(path, '{}');
  expect(readRegularFile(path, 10, 'own').toString()).toBe('{}');
  give(path);
  expect(() => readRegularFile(path, 10, 'own')).toThrow(`belongs to user ${SOMEBODY}`);
});

it('no user is unmapped outside of a user namespace', () => {
  expect(isUnmapped(0)).toBe(false);
});
