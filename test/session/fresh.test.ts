import { expect, it } from 'vitest';
import { looksAgain } from '../../src/session/report/fresh.ts';
import type { Action } from '../../src/session/report/plan.ts';
import { deleteSession, updateSession } from '../../src/session/store.ts';
import { statePaths } from '../../src/state/paths.ts';
import { scratchDir } from '../build/scratch.ts';
import { recordOf, worldOf } from './scene.ts';

function place() {
  const paths = statePaths(scratchDir());
  for (const sessionId of ['a', 'b']) {
    updateSession(paths, sessionId, 1000, () => recordOf({ sessionId, pane: null }));
  }
  return { paths, look: looksAgain(paths, worldOf({ servers: [], launches: [] }), null) };
}

const removal = (sessionId: string, socket: string | null = null): Action => ({
  ...{ do: 'delete-record', sessionId, socket },
  ...{ status: 'stopped', lastActivityAt: '' },
});

it('looks once for all records of one server', async () => {
  const { look } = place();
  const first = await look(removal('a'));
  expect([...first.items.keys()]).toEqual(['record a', 'record b']);
  expect(await look(removal('b'))).toBe(first);
  expect(await look(removal('a', '/another'))).not.toBe(first);
});

it('looks for every session that is to be ended, and anew at the records after it', async () => {
  const { paths, look } = place();
  const first = await look(removal('a'));
  const target = {
    socket: '/s',
    serverPid: 1,
    serverStart: '1',
    id: '$1',
    created: '1',
    mark: 'm',
  };
  const end: Action = {
    ...{ do: 'end-session', target, name: 'job', agents: [], launch: false, lastActivityAt: '' },
  };
  deleteSession(paths, 'b', 1000, () => true);
  expect([...(await look(end)).items.keys()]).toEqual(['record a']);
  expect(await look(removal('a'))).not.toBe(first);
});
