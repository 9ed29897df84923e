import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRegistry } from '../../src/session/registry.ts';
import { itemsOf } from '../../src/session/report/items.ts';
import { retain } from '../../src/session/retain.ts';
import { deleteSession, listSessions, updateSession } from '../../src/session/store.ts';
import { statePaths } from '../../src/state/paths.ts';
import { scratchDir } from '../build/scratch.ts';
import { recordOf, worldOf } from './scene.ts';

function place() {
  const paths = statePaths(scratchDir());
  const record = recordOf({ sessionId: 'known', agent: { pid: 1, start: 'gone' } });
  updateSession(paths, 'known', 1000, () => record);
  return { paths, record };
}

it('what is no record in the place of one hides no other', () => {
  const { paths, record } = place();
  mkdirSync(paths.session('folder'));
  symlinkSync('loop.json', paths.session('loop'));
  expect(listSessions(paths)).toEqual([record]);
  const { records, unreadable } = readRegistry(paths);
  expect(records).toEqual([record]);
  expect(unreadable.map(({ path }) => path)).toEqual([
    paths.session('folder'),
    paths.session('loop'),
  ]);
});

it('a copy of a record under another name is none', () => {
  const { paths, record } = place();
  writeFileSync(join(paths.sessions, 'known copy.json'), JSON.stringify(record));
  const { records, unreadable } = readRegistry(paths);
  expect(records).toEqual([record]);
  expect(unreadable).toMatchObject([{ why: 'it belongs to another file' }]);
});

it('does not say that a session is kept whose record has gone meanwhile', () => {
  const { paths, record } = place();
  const world = worldOf({ servers: [], launches: [], records: [record] });
  const [item] = itemsOf(world, { at: world.at, olderThanMs: null });
  if (item === undefined) throw new Error('expected an item');
  deleteSession(paths, 'known', 1000, () => true);
  const retained = { by: 'me', at: world.at, reason: 'r' };
  expect(() => retain(paths, item, { retained, released: null })).toThrowError(
    expect.objectContaining({ code: 'disappeared' }),
  );
});
