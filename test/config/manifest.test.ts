import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readManifest, updateManifest } from '../../src/config/manifest.ts';
import { statePaths } from '../../src/state/paths.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'stopgate-manifest-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const data = () => join(dir, 'data');
const add = (name: string) =>
  updateManifest(data(), statePaths(join(dir, 'state')), (manifest) => ({
    ...manifest,
    trees: { ...manifest.trees, [name]: { file: 'hash' } },
  }));

it('is empty where there is none, and reading creates nothing', () => {
  expect(readManifest(data())).toEqual({ version: 1, settings: {}, trees: {} });
  expect(readdirSync(dir)).toEqual([]);
});

it('keeps what it holds, keys of a later version included', () => {
  mkdirSync(data());
  writeFileSync(
    join(data(), 'manifest.json'),
    '{"version":1,"settings":{},"trees":{"a":{"file":"b"}},"later":[1]}',
  );
  add('c');
  expect(readManifest(data())).toEqual({
    version: 1,
    settings: {},
    trees: { a: { file: 'b' }, c: { file: 'hash' } },
    later: [1],
  });
});

it.each(['{"version":1,"set', '{"version":9}', 'null', ''])(
  'sets %j aside with its bytes',
  (bytes) => {
    mkdirSync(data());
    writeFileSync(join(data(), 'manifest.json'), bytes);
    expect(readManifest(data()).trees).toEqual({});
    add('c');
    const aside = readdirSync(data()).filter((name) => name.startsWith('manifest.json.corrupt-'));
    expect(aside.map((name) => readFileSync(join(data(), name), 'utf8'))).toEqual([bytes]);
    expect(readManifest(data()).trees).toEqual({ c: { file: 'hash' } });
  },
);
