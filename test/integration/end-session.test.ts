import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { readProcess } from '../../src/owner/process.ts';
import { endSession, type Looks } from '../../src/session/report/end.ts';
import type { Action } from '../../src/session/report/plan.ts';
import { markPane, newMark } from '../../src/tmux/mark.ts';
import { startSession } from '../../src/tmux/start.ts';
import { world } from '../support/fixture.ts';
import { stampOfPid } from '../support/process-stamp.ts';
import { until } from '../support/until.ts';

const looks: Looks = {
  rightBefore: () => ({ idle: true, panePid: null }),
  isAtRest: async () => true,
};

type EndSession = Extract<Action, { do: 'end-session' }>;

/** A session of ours that runs a script, as the agent of a Claude session. */
async function running(script: string) {
  const { server, place } = world();
  await server.session('person');
  const socket = await server.ask('display-message', '-p', '#{socket_path}');
  const command = ['sh', '-c', `${script}; while :; do sleep 0.1; done`];
  const { mark, pane, panePid } = await startSession({
    ...{ socket, name: 'job', cwd: place.project, command, env: {} },
  });
  await until('the script to wait', () => childOf(panePid));
  const target = {
    ...{ socket, serverPid: pane.serverPid, serverStart: pane.serverStart },
    ...{ id: pane.sessionId, created: pane.sessionCreated, mark },
  };
  const process = stampOfPid(panePid);
  const action: EndSession = {
    ...{ do: 'end-session', target, name: 'job', launch: false, lastActivityAt: '' },
    agents: [{ host: 'claude', sessionId: 'a', process, pane: pane.id }],
  };
  const names = async () =>
    (await server.ask('list-sessions', '-F', '#{session_name}')).split('\n');
  return { server, action, names, pid: panePid };
}

function childOf(pid: number): boolean {
  try {
    return execFileSync('pgrep', ['-P', String(pid)]).length > 0;
  } catch {
    return false;
  }
}

it('asks by SIGTERM first, and ends what is left', async () => {
  const { action, names, server } = await running('true');
  await server.ask('set-option', '-g', 'remain-on-exit', 'on');
  expect(await endSession(action, looks)).toBe('ended');
  expect(await names()).toEqual(['person']);
});

it('ends a session whose pane in use bears a mark of its own, as a cleanup pane does', async () => {
  const { action, names, server } = await running('true');
  const { socket, id } = action.target;
  const pane = await server.ask(
    'split-window',
    '-P',
    '-F',
    '#{pane_id}',
    '-t',
    `${id}:`,
    'sleep 600',
  );
  expect(await markPane(socket, pane, newMark())).toBe(true);
  expect(await endSession({ ...action, agents: [] }, looks)).toBe('ended');
  expect(await names()).toEqual(['person']);
});

it('an agent that stays keeps its session', async () => {
  const { action, names, pid } = await running('trap "" TERM');
  expect(await endSession(action, looks)).toBe('agent-stays');
  expect(await names()).toEqual(['job', 'person']);
  expect(readProcess(pid)).not.toBeNull();
});

it('asks nothing of an agent that is not idle any more', async () => {
  const { action, names, pid } = await running('true');
  const rightBefore = () => ({ idle: false, panePid: null });
  expect(await endSession(action, { ...looks, rightBefore })).toBe('not-idle');
  expect(await names()).toEqual(['job', 'person']);
  expect(readProcess(pid)).not.toBeNull();
});

it('sends nothing to a process that got the pid of an agent', async () => {
  const { action, names, pid } = await running('true');
  const [agent] = action.agents;
  const reused = {
    ...action,
    agents: agent ? [{ ...agent, process: { pid, start: 'boot:before' } }] : [],
  };
  const before = readProcess(pid)?.start;
  const target = { ...action.target, created: '1' };
  expect(await endSession({ ...reused, target }, looks)).toBe('ended');
  expect(readProcess(pid)?.start).toBe(before);
  expect(await names()).toEqual(['job', 'person']);
});

it('types nothing into a pane that does not show the agent', async () => {
  const { action, names, server } = await running('true');
  const [agent] = action.agents;
  const elsewhere = await server.session('elsewhere');
  const other = agent ? [{ ...agent, host: 'codex' as const, pane: elsewhere }] : [];
  expect(await endSession({ ...action, agents: other }, looks)).toBe('refused');
  expect(await server.ask('capture-pane', '-p', '-t', elsewhere)).not.toContain('quit');
  expect(await names()).toEqual(['elsewhere', 'job', 'person']);
});

it('does not know what came of it when the server hangs', async () => {
  const { action, server, names } = await running('true');
  const pid = await server.pid();
  process.kill(pid, 'SIGSTOP');
  try {
    expect(await endSession({ ...action, agents: [] }, looks)).toBe('outcome-unknown');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  expect(await names()).toContain('person');
});
