import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readProcess } from '../../src/owner/process.ts';
import { readSession } from '../../src/session/store.ts';
import { readRequest } from '../../src/shutdown/request.ts';
import { bindRole } from '../../src/shutdown/role.ts';
import { readRecords } from '../../src/state/log.ts';
import { type Agent, startAgent } from '../support/agent.ts';
import { world } from '../support/fixture.ts';
import { registered } from '../support/installed-tree.ts';
import { stampOfPid } from '../support/process-stamp.ts';
import type { Scratch } from '../support/scratch.ts';

const TOOL = 'mcp__board__hand_off';

/** An agent in a pane; `role` is bound to its process. */
async function agentWith(role: string | null, rules: object[] = [{ role: 'intake', tool: TOOL }]) {
  const { place, server, agent } = world();
  const dir = join(place.home, '.config/stopgate');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ shutdownAfterIdle: rules }));
  const pane = await server.session('work');
  const worker = await agent(pane, 'first');
  const start = readProcess(worker.pid)?.start ?? '';
  const at = new Date().toISOString();
  if (role !== null) bindRole(place.paths, role, stampOfPid(worker.pid), at);
  await fire(place, worker, 'session', { hook_event_name: 'SessionStart', source: 'startup' });
  return { place, server, pane, worker, start };
}

function fire(place: Scratch, agent: Agent, entry: string, more: object) {
  const payload = {
    session_id: agent.sessionId,
    transcript_path: `${place.project}/t.jsonl`,
    cwd: place.project,
    ...more,
  };
  const command = registered(entry);
  return agent.run(command, { input: `${JSON.stringify(payload)}\n` });
}

const called = (more: object = {}) => ({
  hook_event_name: 'PostToolUse',
  tool_name: TOOL,
  tool_input: {},
  tool_response: [{ type: 'text', text: 'done' }],
  ...more,
});

const log = ({ paths }: Scratch) =>
  readRecords(paths.shutdownLog).map(({ decided, reason }) => `${decided}: ${reason}`);

it('records who asked to end: process, pane and transcript', async () => {
  const { place, pane, worker, start } = await agentWith('intake');
  expect(readSession(place.paths, 'first')).toMatchObject({ role: 'intake', exitReason: null });
  expect(await fire(place, worker, 'shutdown-after-idle', called())).toMatchObject({
    code: 0,
    stdout: '{}\n',
  });
  expect(readRequest(place.paths, 'first')).toMatchObject({
    role: 'intake',
    tool: TOOL,
    agent: { pid: worker.pid, start },
    pane: { id: pane },
    transcript: `${place.project}/t.jsonl`,
    state: 'pending',
    kill: false,
    attempts: 0,
  });
  expect(log(place)).toEqual(['requested: the hand-off succeeded']);
});

it.each([
  ['a subagent calls it', 'intake', called({ agent_id: 'a1', agent_type: 'x' }), []],
  ['it is another event', 'intake', called({ hook_event_name: 'PostToolUseFailure' }), []],
  ['there is no role', null, called(), []],
  [
    'it is another role',
    'review',
    called(),
    ['ignored: this tool hands off nothing for this role'],
  ],
  [
    'it is another tool',
    'intake',
    called({ tool_name: 'mcp__board__hand_offs' }),
    ['ignored: this tool hands off nothing for this role'],
  ],
  [
    'the result carries an error flag',
    'intake',
    called({ tool_response: { isError: true } }),
    ['ignored: the response carries an error flag'],
  ],
])('requests nothing when %s', async (_, role, payload, expected) => {
  const { place, worker } = await agentWith(role);
  await fire(place, worker, 'shutdown-after-idle', payload);
  expect(readRequest(place.paths, 'first')).toBeNull();
  expect(log(place)).toEqual(expected);
});

it('requests nothing for a child agent in the same pane, which has no role', async () => {
  const { place, worker } = await agentWith('intake');
  const child = await worker.child('second');
  await fire(place, child, 'session', { hook_event_name: 'SessionStart', source: 'startup' });
  expect(readSession(place.paths, 'second')).toMatchObject({ role: null });
  await fire(place, child, 'shutdown-after-idle', called());
  expect(readRequest(place.paths, 'second')).toBeNull();
  expect(log(place)).toEqual([]);
});

it('forgets the request when the session is cleared, and keeps the role', async () => {
  const { place, worker } = await agentWith('intake');
  await fire(place, worker, 'shutdown-after-idle', called());
  await fire(place, worker, 'session', { hook_event_name: 'SessionEnd', reason: 'clear' });
  const cleared = await worker.clear('second');
  await fire(place, cleared, 'session', { hook_event_name: 'SessionStart', source: 'clear' });
  expect(readRequest(place.paths, 'first')).toBeNull();
  expect(readSession(place.paths, 'first')?.exitReason ?? null).toBeNull();
  expect(readSession(place.paths, 'second')).toMatchObject({ role: 'intake' });
  expect(log(place).at(-1)).toBe('dropped: the session ended: clear');
});

it('forgets what processes that are gone asked for', async () => {
  const { place, server, worker } = await agentWith('intake');
  await fire(place, worker, 'shutdown-after-idle', called());
  await worker.exit();
  const pane = await server.session('other');
  const at = new Date().toISOString();
  const next = await startAgent(place, server, pane, 'third');
  bindRole(place.paths, 'intake', stampOfPid(next.pid), at);
  await fire(place, next, 'session', { hook_event_name: 'SessionStart', source: 'startup' });
  await fire(place, next, 'shutdown-after-idle', called());
  expect(readRequest(place.paths, 'first')).toBeNull();
  expect(readRequest(place.paths, 'third')).not.toBeNull();
  expect(log(place)).toContain('dropped: the process is gone');
});
