import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readProcess } from '../../src/owner/process.ts';
import { act } from '../../src/session/report/act.ts';
import { looksAgain } from '../../src/session/report/fresh.ts';
import { itemsOf, type TmuxItem } from '../../src/session/report/items.ts';
import { actionFor, isCandidate, keyOfItem } from '../../src/session/report/plan.ts';
import { probe } from '../../src/session/report/probe.ts';
import { agentCommand, connected, quote } from '../support/agent.ts';
import { cli } from '../support/cli.ts';
import { leftovers } from '../support/leftovers.ts';

it('ends nothing that a script goes on with once its agent has ended', async () => {
  const l = await leftovers();
  const socket = join(l.place.root, 'agent-release');
  const words = agentCommand(socket, 'claude', 'release').map(quote).join(' ');
  await l.launch('release', ['sh', '-c', `${words}; sleep 600`]);
  const agent = await connected(l.place, socket);
  await l.hook(agent, 'SessionStart', { source: 'startup' });
  await l.rest(agent);
  await cli(l.place, ['session', 'release', 'release']);
  await l.becomes('release', 'cleanup-eligible');

  const found = await probe(l.place.paths, l.place.env);
  const [first] = itemsOf(found, { at: found.at, olderThanMs: null }).filter(isRelease);
  const seen = new Map([[(first && keyOfItem(first)) ?? '', '2026-01-01T00:00:00.000Z']]);
  const world = { ...found, observed: seen };
  const [item] = itemsOf(world, { at: world.at, olderThanMs: null }).filter(isRelease);
  expect(item && isCandidate(item)).toBe(true);
  const action = item && actionFor(item);
  expect(
    action && (await act(l.place.paths, action, looksAgain(l.place.paths, world, null))),
  ).toEqual({
    verdict: 'refused',
    reason: 'live',
  });
  expect(readProcess(agent.pid)).toBeNull();
  expect(await l.sessions('default')).toEqual(['person', 'release']);
  expect(await l.main.ask('list-panes', '-t', '=release:', '-F', '#{pane_dead}')).toBe('0');
}, 60_000);

function isRelease(item: { kind: string }): item is TmuxItem {
  return item.kind === 'tmux' && (item as TmuxItem).session.name === 'release';
}
