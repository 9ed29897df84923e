import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { armHandOff } from '../../src/shutdown/armed.ts';
import { bindRole } from '../../src/shutdown/role.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered } from '../support/installed-tree.ts';
import { stampOfPid } from '../support/process-stamp.ts';
import type { Scratch } from '../support/scratch.ts';
import { traceNode } from '../support/trace-node.ts';

const toolUse = (place: Scratch) =>
  JSON.stringify({
    session_id: 'first',
    transcript_path: null,
    cwd: place.project,
    hook_event_name: 'PostToolUse',
    tool_name: 'mcp__worker__hand_off',
    tool_input: {},
    tool_response: [],
  });

function afterTool(place: Scratch, as: 'claude' | 'codex' = 'claude') {
  const command = registered('shutdown-after-idle', as);
  return host(place, 'first').run({ command, input: toolUse(place) });
}

/** A role of the process that plays the host, this one, as the session hook found it. */
function bind(place: Scratch): void {
  bindRole(place.paths, 'intake', stampOfPid(), new Date().toISOString());
  armHandOff(place.paths, process.pid);
}

const done = { code: 0, stdout: '{}\n', stderr: '' };

it.each(['claude', 'codex'] as const)('%s: without any role, no Node is started', async (as) => {
  const place = scratch();
  const nodeRan = traceNode(place);
  expect(await afterTool(place, as)).toMatchObject(done);
  expect(nodeRan()).toBe(false);
});

it.each(['claude', 'codex'] as const)('%s: nor by the role of another process', async (as) => {
  const place = scratch();
  const nodeRan = traceNode(place);
  armHandOff(place.paths, process.ppid);
  expect(await afterTool(place, as)).toMatchObject(done);
  expect(nodeRan()).toBe(false);
});

it('takes the files of dead processes away when the next role is bound', () => {
  const { paths } = scratch();
  armHandOff(paths, 2 ** 22 + 1);
  armHandOff(paths, process.pid);
  bindRole(paths, 'intake', { pid: process.pid, start: 'x' }, new Date().toISOString());
  expect(readdirSync(paths.armedHandOff)).toEqual([String(process.pid)]);
});

it.each(['claude', 'codex'] as const)('%s: a role of the host starts Node', async (as) => {
  const place = scratch();
  const nodeRan = traceNode(place);
  bind(place);
  expect(await afterTool(place, as)).toMatchObject(done);
  expect(nodeRan()).toBe(true);
});

it('the kill switch holds for a role too', async () => {
  const place = scratch();
  const nodeRan = traceNode(place);
  bind(place);
  const command = registered('shutdown-after-idle');
  const env = { STOPGATE_DISABLE: '1' };
  const ran = await host(place, 'first').run({ command, env, input: toolUse(place) });
  expect(ran).toMatchObject(done);
  expect(nodeRan()).toBe(false);
});

it('leaves the roles of others alone when Node looks', async () => {
  const place = scratch();
  bind(place);
  const before = readdirSync(place.paths.roles);
  await afterTool(place);
  expect(readdirSync(place.paths.roles)).toEqual(before);
  rmSync(place.paths.roles, { recursive: true });
  expect(await afterTool(place)).toMatchObject(done);
});

it.each([
  ['claude', 'first', true],
  ['claude', 'second', false],
  ['codex', 'first', true],
  ['codex', 'second', false],
] as const)(
  '%s: at a stop, a request of session %s starts Node: %s',
  async (as, session, starts) => {
    const place = scratch();
    const nodeRan = traceNode(place);
    mkdirSync(place.paths.requests, { recursive: true });
    writeFileSync(place.paths.request(session), '{}');
    const command = registered('stop-gate-router', as);
    expect(await host(place, 'first').stop({ command })).toMatchObject({ code: 0 });
    expect(nodeRan()).toBe(starts);
  },
);
