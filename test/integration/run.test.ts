import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { readProcess } from '../../src/owner/process.ts';
import { boundNames, roleOf } from '../../src/shutdown/role.ts';
import { quote } from '../support/agent.ts';
import { scratch, world } from '../support/fixture.ts';
import { packageRoot, type Scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';

const probe = join(packageRoot, 'test/support/signal-probe.mjs');

function run(place: Scratch, ...command: string[]) {
  const args = ['run', '--role', 'intake', '--', ...command];
  const options = { cwd: place.project, env: place.env, extendEnv: false, reject: false } as const;
  return execa('stopgate', args, options);
}

it('gives the command its own arguments, environment, directory and stdin, and nothing of ours', async () => {
  const place = scratch();
  const script = 'pwd; printf "%s|" "$@"; cat; env | sort';
  const args = [
    'run',
    '--role',
    'intake',
    '--',
    '/bin/sh',
    '-c',
    script,
    'sh',
    '--role',
    'a b',
    '',
  ];
  const options = { cwd: place.project, env: place.env, extendEnv: false, input: 'typed\n' };
  const { stdout, stderr } = await execa('stopgate', args, options);
  const plain = await execa('/bin/sh', ['-c', 'env | sort'], { ...options, input: '' });
  expect(stderr).toBe('');
  expect(stdout).toBe(`${place.project}\n--role|a b||typed\n${plain.stdout}`);
});

it.each([
  ['exit 0', 0],
  ['exit 3', 3],
  ['exit 255', 255],
])('ends as `%s` ends', async (script, code) => {
  expect(await run(scratch(), '/bin/sh', '-c', script)).toMatchObject({ exitCode: code });
});

it.each(['SIGTERM', 'SIGKILL', 'SIGHUP', 'SIGINT', 'SIGSEGV'] as const)(
  'dies of the %s that its command died of',
  async (signal) => {
    const ended = await run(scratch(), '/bin/sh', '-c', `kill -${signal.slice(3)} $$; sleep 9`);
    expect(ended).toMatchObject({ signal });
  },
);

it('says as a shell does that there is no such command', async () => {
  const { exitCode, stderr } = await run(scratch(), 'no-such-command');
  expect(exitCode).toBe(127);
  expect(stderr).toContain('no-such-command');
});

it('binds the role before the command runs, to it alone, and takes it away after it', async () => {
  const place = scratch();
  const seen = join(place.root, 'seen');
  const { exitCode } = await run(
    place,
    '/bin/sh',
    '-c',
    `cp '${place.paths.roles}'/$$.json '${seen}'; cut -d ' ' -f 22 /proc/$$/stat >>'${seen}'; echo $$ >>'${seen}'`,
  );
  expect(exitCode).toBe(0);
  const [start, pid] = readFileSync(seen, 'utf8').trimEnd().split('\n').slice(-2);
  const role = JSON.parse(readFileSync(seen, 'utf8').split('\n').slice(0, -3).join('\n'));
  expect(role).toMatchObject({ schema: 1, role: 'intake', agent: { pid: Number(pid) } });
  expect(role.agent.start).toMatch(new RegExp(`:${start}$`));
  expect(existsSync(place.paths.role(Number(pid)))).toBe(false);
});

it('never starts a command whose role cannot be bound', async () => {
  const place = scratch();
  writeFileSync(join(place.root, 'file'), '');
  const ran = join(place.root, 'ran');
  const { exitCode, stderr } = await execa(
    'stopgate',
    ['run', '--role', 'intake', '--', 'touch', ran],
    {
      env: { ...place.env, STOPGATE_STATE_DIR: join(place.root, 'file/state') },
      extendEnv: false,
      reject: false,
    },
  );
  expect(exitCode).toBe(1);
  expect(stderr).toContain('stopgate:');
  expect(existsSync(ran)).toBe(false);
});

it('starts a command whatever else lies where roles are', async () => {
  const place = scratch();
  mkdirSync(place.paths.role(5), { recursive: true });
  expect(await run(place, 'sh', '-c', 'exit 7')).toMatchObject({ exitCode: 7 });
});

it('clears the roles of dead processes, and keeps those of the living', async () => {
  const place = scratch();
  const first = await probeIn(place);
  const second = await probeIn(place);
  second.wrapper.kill('SIGKILL');
  await until('the wrapper to be gone', () => second.wrapper.signalCode);
  process.kill(second.pid, 'SIGKILL');
  await until('the command to be gone', () => !readProcess(second.pid));
  expect(existsSync(place.paths.role(second.pid))).toBe(true);
  await run(place, 'true');
  expect(existsSync(place.paths.role(second.pid))).toBe(false);
  const living = readProcess(first.pid);
  expect(living && roleOf(place.paths, living)).toMatchObject({ role: 'intake' });
  expect(living && roleOf(place.paths, { ...living, start: 'another' })).toBeNull();
});

it.each([
  ['SIGINT', 'to it alone', false],
  ['SIGINT', 'to its whole group', true],
  ['SIGTERM', 'to it alone', false],
  ['SIGTERM', 'to its whole group', true],
  ['SIGHUP', 'to it alone', false],
  ['SIGUSR1', 'to its whole group', true],
  ['SIGALRM', 'to it alone', false],
  ['SIGABRT', 'to its whole group', true],
] as const)('passes a %s that is sent %s on exactly once', async (signal, _, toGroup) => {
  const { wrapper, said } = await probeIn(scratch());
  const pid = wrapper.pid ?? 0;
  for (const round of [1, 2, 3]) {
    process.kill(toGroup ? -pid : pid, signal);
    await until(`${signal} ${round}`, () => said().length >= round);
    await new Promise((done) => setTimeout(done, 150));
    expect(said()).toEqual(Array(round).fill(signal));
  }
});

it('lets a terminal interrupt, stop, continue and resize the command, each exactly once', async () => {
  const { place, server } = world();
  const pane = await server.session('work');
  const file = join(place.root, 'said');
  const words = ['stopgate', 'run', '--role', 'intake', '--', process.execPath, probe, file];
  await server.type(pane, words.map(quote).join(' '));
  const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []);
  const [ready = ''] = await until('the command to be ready', () => lines()[0] && lines());
  const [, pid, , tty] = ready.split(' ');
  expect(tty).toBe('true');
  const screen = () => server.ask('capture-pane', '-p', '-t', pane);
  const stateOf = () => readProcess(Number(pid))?.state;

  await server.ask('send-keys', '-t', pane, 'C-c');
  await until('one SIGINT', () => lines().length >= 2);
  await server.ask('resize-window', '-t', pane, '-x', '90', '-y', '30');
  await until('the new size', () => lines().length >= 3);
  await server.ask('send-keys', '-t', pane, 'C-z');
  await until('the command to be stopped', () => stateOf() === 'T');
  await until('the prompt of the shell', async () => /stopped/i.test(await screen()));
  await server.type(pane, 'fg');
  await until('the command to go on', () => lines().length >= 4);
  process.kill(Number(pid), 'SIGKILL');
  await server.type(pane, 'echo "ended $?"');
  await until('the shell to be told', async () => (await screen()).includes('ended 137'));
  expect(lines().slice(1)).toEqual(['SIGINT', 'SIGWINCH 90x30', 'SIGCONT']);
});

it.each([
  ['goes on', ['SIGCONT', 'SIGTERM'], 'SIGTERM'],
  ['is killed', ['SIGKILL'], 'SIGKILL'],
] as const)(
  'stops with a command that is stopped alone, and goes on when that %s',
  async (_, next, end) => {
    const place = scratch();
    const args = ['run', '--role', 'intake', '--', 'sleep', '60'];
    const wrapper = spawn('stopgate', args, { env: place.env, detached: true, stdio: 'ignore' });
    const [pid] = await until('the role', () => {
      const pids = boundNames(place.paths).map((name) => Number.parseInt(name, 10));
      return pids.length > 0 && readProcess(pids[0] ?? 0)?.name === 'sleep' && pids;
    });
    const stateOf = (one = 0) => readProcess(one)?.state;
    process.kill(pid ?? 0, 'SIGSTOP');
    await until('both to be stopped', () => stateOf(pid) === 'T' && stateOf(wrapper.pid) === 'T');
    for (const signal of next) process.kill(pid ?? 0, signal);
    await until('the end', () => wrapper.signalCode);
    expect(wrapper.signalCode).toBe(end);
  },
);

it.each([
  [['run', '--', 'true'], '--role'],
  [['run', '--role', 'two words', '--', 'true'], 'Not a role'],
  [['run', '--role', 'intake'], 'command'],
])('refuses `stopgate %j` as wrong usage', async (args, text) => {
  const place = scratch();
  const { exitCode, stderr } = await execa('stopgate', args, {
    env: place.env,
    extendEnv: false,
    reject: false,
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain(text);
});

/** `stopgate run` with the probe, in a process group of its own and without a terminal. */
async function probeIn(place: Scratch) {
  const file = join(place.root, `said-${Math.random().toString(36).slice(2)}`);
  const args = ['run', '--role', 'intake', '--', process.execPath, probe, file];
  const wrapper = spawn('stopgate', args, {
    cwd: place.project,
    env: place.env,
    detached: true,
    stdio: 'ignore',
  });
  const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []);
  const ready = await until('the command to be ready', () => lines()[0]);
  const pid = Number(ready.split(' ')[1]);
  onTestFinished(() => {
    if (readProcess(pid)) process.kill(pid, 'SIGKILL');
  });
  return { wrapper, pid, said: () => lines().slice(1) };
}
