import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ProcessInfo } from '../../src/owner/process.ts';
import { recordAfter } from '../../src/session/record.ts';
import { updateSession } from '../../src/session/store.ts';
import { bindRole, roleOf, unbindRole } from '../../src/shutdown/role.ts';
import { roleFor } from '../../src/shutdown/role-above.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';

const MACHINE = 'm';

function state(): StatePaths {
  const dir = mkdtempSync(join(tmpdir(), 'sg-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return statePaths(dir);
}

/** A chain of processes, the nearest last; the pids are 100, 101, … */
function chain(...names: string[]) {
  const table = new Map<number, ProcessInfo>(
    names.map((name, index) => {
      const pid = 100 + index;
      return [pid, { pid, ppid: pid - 1, start: `s${pid}`, state: 'S', name }];
    }),
  );
  return (pid: number) => table.get(pid) ?? null;
}

const agentAt = (index: number) => ({ pid: 100 + index, start: `s${100 + index}` });
const now = '2026-01-01T00:00:00.000Z';

it.each([
  ['the host itself', ['claude'], 0, 0, 'intake'],
  ['a host that another name runs', ['my-agent'], 0, 0, 'intake'],
  ['Codex below its Node wrapper', ['node', 'codex'], 0, 1, 'intake'],
  ['the same, on newer Node', ['MainThread', 'codex'], 0, 1, 'intake'],
  ["a host below a person's script", ['bash', 'claude'], 0, 1, 'intake'],
  ['a script that runs the wrapper', ['sh', 'node', 'codex'], 0, 2, 'intake'],
  ['a child claude -p', ['claude', 'bash', 'claude'], 0, 2, null],
  ['a child that replaced its shell', ['claude', 'claude'], 0, 1, null],
  ['a child of Codex below its wrapper', ['node', 'codex', 'bash', 'claude'], 0, 3, null],
  ['a child codex', ['node', 'codex', 'bash', 'node', 'codex'], 0, 4, null],
  ['an agent above the role', ['claude', 'bash', 'sleep'], 2, 0, null],
  ['something unknown in between', ['sh', 'supervisor', 'claude'], 0, 2, null],
])('%s: %j, role at %s, agent at %s → %s', (_, names, bound, agent, role) => {
  const paths = state();
  bindRole(paths, 'intake', agentAt(bound), now);
  expect(roleFor(paths, agentAt(agent), chain(...names))?.role ?? null).toBe(role);
});

it('takes the nearest of two roles', () => {
  const paths = state();
  const read = chain('sh', 'sh', 'claude');
  bindRole(paths, 'outer', agentAt(0), now);
  expect(roleFor(paths, agentAt(2), read)?.role).toBe('outer');
  writeFileSync(
    paths.role(101),
    JSON.stringify({ ...roleOf(paths, agentAt(0)), role: 'inner', agent: agentAt(1) }),
  );
  expect(roleFor(paths, agentAt(2), read)?.role).toBe('inner');
});

it('never takes a starter for one that a session of its own runs in, whatever it is called', () => {
  const paths = state();
  bindRole(paths, 'intake', agentAt(0), now);
  const read = chain('node', 'bash', 'claude');
  expect(roleFor(paths, agentAt(2), read)?.role).toBe('intake');
  const event = { host: 'claude', name: 'SessionStart', sessionId: 's', cwd: '/' } as Parameters<
    typeof recordAfter
  >[1];
  const me = { agent: agentAt(0), pane: null, machine: MACHINE } as Parameters<
    typeof recordAfter
  >[2];
  updateSession(paths, 's', 100, () => ({
    ...recordAfter(null, { ...event, transcriptPath: null, source: null }, me, now),
  }));
  expect(roleFor(paths, agentAt(2), read)).toBeNull();
});

it('gives a reused pid no role, and takes no role of another process away', () => {
  const paths = state();
  const role = bindRole(paths, 'intake', agentAt(0), now);
  const reused = { pid: 100, start: 'later' };
  expect(roleOf(paths, reused)).toBeNull();
  expect(roleFor(paths, reused, chain('claude'))).toBeNull();
  unbindRole(paths, { ...role, agent: reused });
  expect(roleOf(paths, agentAt(0))).toEqual(role);
  unbindRole(paths, role);
  expect(roleOf(paths, agentAt(0))).toBeNull();
});

it('reads a role of another machine, a corrupt one and a misplaced one as none', () => {
  const paths = state();
  const role = bindRole(paths, 'intake', agentAt(0), now);
  for (const text of [
    JSON.stringify({ ...role, machine: 'another' }),
    JSON.stringify({ ...role, agent: agentAt(1) }),
    JSON.stringify({ ...role, role: 'two words' }),
    '{"schema":1',
  ]) {
    writeFileSync(paths.role(100), text);
    expect(roleOf(paths, agentAt(0)), text).toBeNull();
  }
});
