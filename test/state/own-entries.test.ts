import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ownEntries } from '../../src/state/own-entries.ts';
import { statePaths } from '../../src/state/paths.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stopgate-own-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const own = () => ownEntries(statePaths(root)).map((path) => basename(path));

it('is nothing where there is nothing', () => {
  expect(own()).toEqual([]);
  rmSync(root, { recursive: true });
  expect(own()).toEqual([]);
});

it('is what stopgate keeps, and nothing that lies beside it', () => {
  const ours = ['armed', 'backups', 'builds', 'events', 'locks', 'runtime', 'sessions'];
  for (const name of [...ours, 'mine', 'builds.mine']) mkdirSync(join(root, name));
  for (const name of ['gate.json', 'gate.json.corrupt-2026', 'notes.txt'])
    writeFileSync(join(root, name), '');
  expect(own()).toEqual([...ours, 'gate.json', 'gate.json.corrupt-2026'].sort());
});
