import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { lookAtPane } from '../../src/idle/pane.ts';
import { livenessOf, readProcess } from '../../src/owner/process.ts';
import { readSession, updateSession } from '../../src/session/store.ts';
import { end } from '../../src/shutdown/end.ts';
import { pendingEnds } from '../../src/shutdown/report.ts';
import {
  dropRequest,
  type Request,
  readRequest,
  writeRequest,
} from '../../src/shutdown/request.ts';
import { readRecords } from '../../src/state/log.ts';
import { makeRecord } from '../session/make.ts';
import { requestOf } from '../shutdown/make.ts';
import { scratch, world } from '../support/fixture.ts';
import { stampOfPid } from '../support/process-stamp.ts';
import type { Scratch } from '../support/scratch.ts';
import type { TmuxServer } from '../support/tmux-server.ts';
import { until } from '../support/until.ts';

/** Runs a shell script that prints the pid of the process that plays the host. */
async function play(script: string): Promise<{ pid: number; start: string }> {
  const shell = spawn('/bin/bash', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const line = await new Promise<string>((done) => {
    createInterface({ input: shell.stdout }).once('line', done);
  });
  const pid = Number(line);
  onTestFinished(() => {
    for (const one of [pid, shell.pid ?? 0]) if (readProcess(one)) process.kill(one, 'SIGKILL');
  });
  if (!readProcess(pid)) throw new Error(`expected process ${pid}`);
  return stampOfPid(pid);
}

/** A worker that handed off, known to record and request. */
function worker(place: Scratch, agent: Request['agent'], more: Partial<Request> = {}): Request {
  const request = requestOf({
    agent,
    transcript: null,
    requestedAt: new Date().toISOString(),
    ...more,
  });
  writeRequest(place.paths, request);
  updateSession(place.paths, 's-1', 1_000, () => makeRecord({ agent }));
  return request;
}

const log = ({ paths }: Scratch) =>
  readRecords(paths.shutdownLog).map(({ decided, reason }) => `${decided}: ${reason}`);

it('ends a process by SIGTERM, and takes one that nobody has waited for yet for gone', async () => {
  const place = scratch();
  const agent = await play('sleep 60 & echo $!; exec sleep 60');
  end(place.paths, worker(place, agent), null);
  expect(readProcess(agent.pid)?.state).toBe('Z');
  expect(log(place)).toEqual(['ended: handed off and idle']);
  expect(readRequest(place.paths, 's-1')).toBeNull();
  expect(readSession(place.paths, 's-1')).toMatchObject({
    status: 'stopped',
    exitReason: 'shutdown-after-idle: role intake, tool hand_off',
  });
});

it('reports a process that goes on, keeps the request, and never uses SIGKILL unasked', async () => {
  const place = scratch();
  const agent = await play('trap "" TERM; echo $$; while :; do sleep 0.1; done');
  end(place.paths, worker(place, agent, { attempts: 1 }), null);
  expect(livenessOf(agent)).toBe('alive');
  const why = 'still there 10 s after it was told to end';
  expect(log(place)).toEqual([`failed: ${why}`]);
  expect(readRequest(place.paths, 's-1')).toMatchObject({
    state: 'failed',
    attempts: 2,
    reason: why,
  });
  expect(readSession(place.paths, 's-1')).toMatchObject({ status: 'live' });
  const { stdout } = await execa('stopgate', ['status', '--json'], {
    env: place.env,
    extendEnv: false,
  });
  expect(JSON.parse(stdout).ends).toMatchObject([
    { session: 's-1', role: 'intake', pid: agent.pid, attempts: 2, givenUp: false, reason: why },
  ]);
  const text = await execa('stopgate', ['status'], { env: place.env, extendEnv: false });
  expect(text.stdout).toContain(why);
});

it('uses SIGKILL where the rule says so', async () => {
  const place = scratch();
  const agent = await play('trap "" TERM; echo $$; while :; do sleep 0.1; done');
  end(place.paths, worker(place, agent, { kill: true }), null);
  expect(livenessOf(agent)).toBe('dead');
  expect(log(place)).toEqual(['ending: SIGKILL, as the rule says', 'ended: handed off and idle']);
});

/** A worker whose host says SessionEnd as soon as it is told, which takes the request along. */
async function leaving(place: Scratch, script: string, more: Partial<Request> = {}) {
  const agent = await play(script);
  const request = worker(place, agent, more);
  updateSession(place.paths, 's-1', 1_000, () => makeRecord({ agent, lastEvent: 'SessionEnd' }));
  dropRequest(place.paths, request);
  return { agent, request };
}

it('waits for the SessionEnd hooks of a person, and kills no host that is leaving', async () => {
  const place = scratch();
  const script = 'trap "sleep 1; exit" TERM; echo $$; while :; do sleep 0.1; done';
  const { request } = await leaving(place, script, { kill: true });
  end(place.paths, request, null, { endMs: 200, leavingMs: 30_000 });
  expect(log(place)).toEqual(['ended: handed off and idle']);
});

it('reports a host that hangs after SessionEnd', async () => {
  const place = scratch();
  const { agent, request } = await leaving(
    place,
    'trap "" TERM; echo $$; while :; do sleep 0.1; done',
  );
  end(place.paths, request, null, { endMs: 200, leavingMs: 200 });
  expect(log(place)).toEqual(['failed: still there 0.4 s after it was told to end']);
  expect(pendingEnds(place.paths)).toMatchObject([{ session: 's-1', pid: agent.pid, attempts: 1 }]);
});

it('never signals a process that only has the pid', async () => {
  const place = scratch();
  const agent = await play('echo $$; exec sleep 60');
  end(place.paths, worker(place, { ...agent, start: 'before' }), null);
  expect(livenessOf(agent)).toBe('alive');
});

it('claims no end of a process that was gone before it was told', async () => {
  const place = scratch();
  const agent = await play('echo $$; exec sleep 60');
  end(place.paths, worker(place, { ...agent, start: 'before' }), null);
  expect(log(place)).toEqual(['dropped: the process is gone']);
  expect(readRequest(place.paths, 's-1')).toBeNull();
  expect(readSession(place.paths, 's-1')?.exitReason ?? null).toBeNull();
});

it('leaves the end to a person who left at the same moment', async () => {
  const place = scratch();
  const agent = await play('sleep 60 & echo $!; exec sleep 60');
  const request = worker(place, agent);
  const person = { status: 'stopped' as const, endReason: 'prompt_input_exit', endedAt: 'then' };
  updateSession(place.paths, 's-1', 1_000, () => makeRecord({ agent, ...person }));
  end(place.paths, request, null);
  expect(readSession(place.paths, 's-1')).toMatchObject({ ...person, exitReason: null });
});

/** A Codex in a pane of a server that hangs, which ends on `/quit`. */
async function codexThatHangs() {
  const { place, server } = world();
  const id = await server.session('work');
  await server.type(id, `exec bash --norc -c 'read -e -p "› " line'`);
  await until('the prompt', async () => (await screenOf(server, id)).includes('› '));
  const format = '#{socket_path}\t#{pid}\t#{start_time}\t#{pane_pid}';
  const told = await server.ask('display-message', '-p', '-t', id, format);
  const [socket = '', serverPid, serverStart = '', panePid] = told.split('\t');
  const where = { sessionId: '$0', sessionCreated: '0', sessionName: 'work' };
  const pane = { socket, serverPid: Number(serverPid), serverStart, id, ...where };
  const agent = stampOfPid(Number(panePid));
  const request = worker(place, agent, { host: 'codex', pane });
  const seen = lookAtPane(pane);
  if (seen.kind !== 'seen') throw new Error(seen.why);
  return { place, agent, request, look: seen.look, hang: Number(serverPid) };
}

const screenOf = (server: TmuxServer, id: string) => server.ask('capture-pane', '-p', '-t', id);
const LATE = 'tmux did not say in time whether it typed /quit';

it('calls a tmux that hangs what it is, and not another pane', async () => {
  const { place, agent, request, look, hang } = await codexThatHangs();
  process.kill(hang, 'SIGSTOP');
  try {
    end(place.paths, request, look);
  } finally {
    process.kill(hang, 'SIGCONT');
  }
  expect(log(place)).toEqual([`failed: ${LATE}`]);
  expect(readRequest(place.paths, 's-1')).toMatchObject({ state: 'failed', attempts: 1 });
  await until('what was typed late to end it', () => livenessOf(agent) === 'dead');
});

it('does not know who ended a Codex that a hanging tmux may have told', async () => {
  const { place, agent, request, look, hang } = await codexThatHangs();
  process.kill(hang, 'SIGSTOP');
  const waker = spawn('/bin/sh', ['-c', `sleep 3; kill -CONT ${hang}`], { stdio: 'ignore' });
  end(place.paths, request, look);
  expect(livenessOf(agent)).toBe('dead');
  expect(log(place)).toEqual([`ended: ${LATE}`]);
  expect(readSession(place.paths, 's-1')?.exitReason).toMatch(/^not known, perhaps /);
  waker.kill();
});

it('fails without a signal when the process is not known', () => {
  const place = scratch();
  end(place.paths, worker(place, null), null);
  expect(log(place)).toEqual(['failed: its process is not known']);
});
