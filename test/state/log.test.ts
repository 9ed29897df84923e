import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { appendRecord, readRecords, recordId } from '../../src/state/log.ts';
import { scratchDir } from '../build/scratch.ts';
import { together } from './together.ts';

const hooks = vi.hoisted(() => ({ rename: () => {}, link: () => {}, read: () => {} }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const renameSync: typeof fs.renameSync = (from, to) => {
    hooks.rename();
    fs.renameSync(from, to);
  };
  const linkSync: typeof fs.linkSync = (from, to) => {
    hooks.link();
    fs.linkSync(from, to);
  };
  const closeSync: typeof fs.closeSync = (fd) => {
    fs.closeSync(fd);
    hooks.read();
  };
  return { ...fs, renameSync, linkSync, closeSync };
});

/** Lets something happen just before our nth rename of a log: what another process could do there. */
function beforeRename(nth: number, happen: () => void): void {
  let count = 0;
  hooks.rename = () => {
    count += 1;
    if (count !== nth) return;
    hooks.rename = () => {};
    happen();
  };
  onTestFinished(() => {
    hooks.rename = () => {};
  });
}

const MB = 1024 * 1024;
const place = () => join(scratchDir(), 'events', 'gate.jsonl');

function records(path: string): number[] {
  const dir = dirname(path);
  const lines = readdirSync(dir).flatMap((name) =>
    readFileSync(join(dir, name), 'utf8').split('\n'),
  );
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line).n);
}

/** A log that the next record rotates: one record, `n`, of a megabyte. */
function fill(path: string, n: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ n, pad: 'x'.repeat(MB) })}\n`);
}

it('appends one line of JSON each, for this person only', () => {
  const path = place();
  appendRecord(path, { n: 1, text: 'a\nb' });
  appendRecord(path, { n: 2 });
  expect(readFileSync(path, 'utf8')).toBe('{"n":1,"text":"a\\nb"}\n{"n":2}\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
});

it('rotates a full one, keeps four, the newest first', () => {
  const path = place();
  for (let n = 0; n < 7; n++) {
    fill(path, n);
    appendRecord(path, { n: 100 + n });
    expect(readFileSync(path, 'utf8')).toBe(`{"n":${100 + n}}\n`);
    expect(readFileSync(`${path}.1`, 'utf8').slice(0, 6)).toBe(`{"n":${n}`);
  }
  const kept = [1, 2, 3, 4].map((n) => readFileSync(`${path}.${n}`, 'utf8').slice(0, 6));
  expect(kept).toEqual(['{"n":6', '{"n":5', '{"n":4', '{"n":3']);
  expect(existsSync(`${path}.5`)).toBe(false);
});

it.each([1, 2, 3, 4])(
  'another process that rotates before rename %i of ours loses no record',
  (nth) => {
    const path = place();
    fill(path, 0);
    beforeRename(nth, () => appendRecord(path, { n: 1 }));
    appendRecord(path, { n: 2 });
    expect(records(path).sort()).toEqual([0, 1, 2]);
  },
);

it('a record that another process appends while we rotate is kept', () => {
  const path = place();
  fill(path, 0);
  beforeRename(4, () => appendFileSync(path, '{"n":1}\n'));
  appendRecord(path, { n: 2 });
  expect(records(path).sort()).toEqual([0, 1, 2]);
});

it('who finds that another rotated meanwhile does not rotate again', () => {
  const path = place();
  fill(path, 0);
  hooks.link = () => {
    hooks.link = () => {};
    appendRecord(path, { n: 1 });
  };
  appendRecord(path, { n: 2 });
  expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n":2}\n');
  expect(existsSync(`${path}.2`)).toBe(false);
});

const numbers = (path: string) => readRecords(path).map(({ n }) => n);

it('reads what is left of a log, rotated files too, oldest first', () => {
  const path = place();
  expect(readRecords(path)).toEqual([]);
  fill(path, 0);
  for (const n of [1, 2]) appendRecord(path, { n });
  fill(path, 3);
  appendRecord(path, { n: 4 });
  expect(numbers(path)).toEqual([0, 3, 4]);
});

it('a record that a crash cut short is skipped, and takes no other one with it', () => {
  const path = place();
  appendRecord(path, { n: 1 });
  appendFileSync(path, '{"n":2,"te');
  expect(numbers(path)).toEqual([1]);
  appendRecord(path, { n: 3 });
  appendFileSync(path, 'null\n[7]\n"x"\n\u0000\n');
  appendRecord(path, { n: 4 });
  expect(numbers(path)).toEqual([1, 3, 4]);
});

it('a file that is rotated while it is read is neither missed nor read twice', () => {
  const path = place();
  fill(path, 1);
  fill(`${path}.1`, 0);
  hooks.read = () => {
    hooks.read = () => {};
    appendRecord(path, { n: 2 });
  };
  expect(numbers(path)).toEqual([0, 1]);
  expect(numbers(path)).toEqual([0, 1, 2]);
});

it('every record has a name of eight letters and digits', () => {
  const ids = new Set(Array.from({ length: 1000 }, recordId));
  expect(ids.size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-z]{8}$/);
});

it('no record of many processes is lost or torn, while the file is rotated again and again', async () => {
  const path = place();
  const append = `for (let n = 0; n < 250; n++)
    appendRecord(${JSON.stringify(path)}, { n: index * 1000 + n, pad: 'x'.repeat(2000) });`;
  await together(6, 'state/log.ts', append);
  expect(existsSync(`${path}.2`)).toBe(true);
  expect(new Set(numbers(path)).size).toBe(1500);
  for (const name of readdirSync(dirname(path)))
    expect(statSync(join(dirname(path), name)).mode & 0o777).toBe(0o600);
});

it('a link in the place of the log is not followed, and a pipe there is not waited for', () => {
  const path = place();
  mkdirSync(dirname(path), { recursive: true });
  const theirs = join(dirname(path), 'theirs');
  writeFileSync(theirs, 'kept');
  symlinkSync(theirs, path);
  expect(() => appendRecord(path, { n: 1 })).toThrow('ELOOP');
  expect(readRecords(path)).toEqual([]);
  expect(readFileSync(theirs, 'utf8')).toBe('kept');
  const pipe = join(dirname(path), 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(() => appendRecord(pipe, { n: 1 })).toThrow('no regular file');
});
