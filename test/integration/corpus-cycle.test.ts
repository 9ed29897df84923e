import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CORPUS, type Odd } from '../config/corpus.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';

/**
 * Every settings file of the corpus, each in a project of its own on one machine, for both hosts:
 * install → install → migrate → uninstall with the real CLI.
 */
const HOSTS = [
  { host: 'claude', scope: 'local', name: '.claude/settings.local.json' },
  { host: 'codex', scope: 'project', name: '.codex/hooks.json' },
] as const;

interface Life {
  readonly odd: Odd;
  readonly host: (typeof HOSTS)[number]['host'];
  readonly path: string;
  readonly before: Seen | null;
  readonly first: Ran;
  readonly installed: Seen | null;
  readonly second: Ran;
  readonly again: Seen | null;
  migrated?: Seen | null;
  after?: Seen | null;
}

interface Ran {
  readonly code: number;
  readonly err: string;
}

interface Seen {
  readonly text: string;
  readonly ino: number;
  readonly mtimeMs: number;
}

let scratch: Scratch;
let lives: Life[] = [];
let whole: Ran[] = [];

beforeAll(async () => {
  scratch = makeScratch();
  const all = HOSTS.flatMap((host) => CORPUS.map((odd) => ({ ...host, odd })));
  lives = await inTurns(4, all, ({ host, scope, name, odd }, at) =>
    install(at, host, scope, name, odd),
  );
  whole = [await stopgate(['migrate'])];
  for (const life of lives) life.migrated = look(life.path);
  whole.push(await stopgate(['uninstall']));
  for (const life of lives) life.after = look(life.path);
}, 300_000);
afterAll(() => scratch.remove());

async function install(
  at: number,
  host: Life['host'],
  scope: string,
  name: string,
  odd: Odd,
): Promise<Life> {
  const cwd = join(scratch.root, 'projects', String(at));
  const path = join(cwd, name);
  mkdirSync(dirname(path), { recursive: true });
  if (odd.text !== null) writeFileSync(path, odd.text);
  if (odd.text !== null) utimesSync(path, 1, 1);
  const args = ['install', '--host', host, '--scope', scope];
  const before = look(path);
  const first = await stopgate(args, cwd);
  const installed = look(path);
  const second = await stopgate(args, cwd);
  return { odd, host, path, before, first, installed, second, again: look(path) };
}

/** Codex accepts less: no byte order mark, and no other key at the root. */
function isRefused({ odd: { text, outcome }, host }: Life): boolean {
  if (/\d:\d/.test(outcome)) return true;
  if (host === 'claude' || text === null) return false;
  if (text.startsWith('\uFEFF')) return true;
  const keys = text.trim() === '' ? [] : Object.keys(JSON.parse(text));
  return keys.some((key) => key !== 'hooks' && key !== 'description');
}

describe.each(HOSTS)('$host', ({ host }) => {
  it.each(CORPUS)('$name', ({ name, text, removed }) => {
    const life = lives.find((one) => one.host === host && one.odd.name === name);
    if (life === undefined) throw new Error('expected this file to have been installed into');
    const { before, first, second, installed, again, migrated, after, path } = life;
    if (isRefused(life)) {
      expect(first.code).toBe(1);
      expect(first.err).toMatch(new RegExp(`${path}:\\d+:\\d+: .*The file was not touched`));
      expect([installed, again, migrated, after]).toEqual([before, before, before, before]);
      return;
    }
    expect([first, second]).toEqual([DONE, DONE]);
    expect(installed?.text).toContain('stopgate-hook');
    expect([again, migrated]).toEqual([installed, installed]);
    expect(after?.text).toBe(removed ?? text);
  });
});

it('refused some and changed some, and the whole machine followed', () => {
  expect(whole).toEqual([DONE, DONE]);
  expect(lives.filter(isRefused).length).toBeGreaterThan(20);
  expect(lives.filter((life) => !isRefused(life)).length).toBeGreaterThan(60);
});

const DONE: Ran = { code: 0, err: '' };

function look(path: string): Seen | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? { text: readFileSync(path, 'utf8'), ino: stat.ino, mtimeMs: stat.mtimeMs } : null;
}

function stopgate(args: string[], cwd = scratch.project): Promise<Ran> {
  const options = { cwd, env: scratch.env, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile('stopgate', args, options, (error, _out, err) =>
      resolve({ code: Number(error?.code ?? 0), err }),
    );
  });
}

/** Does something for each item, so many at a time; results in the order of the items. */
async function inTurns<T, R>(
  lanes: number,
  items: readonly T[],
  work: (item: T, at: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const lane = async () => {
    for (const [at, item] of queue) results[at] = await work(item, at);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
