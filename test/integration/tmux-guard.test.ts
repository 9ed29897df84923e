import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { typeAndSubmit } from '../../src/idle/type.ts';
import { killGuarded, type MarkedPane, ownFacts, type TmuxIdentity } from '../../src/tmux/guard.ts';
import { markPane, newMark } from '../../src/tmux/mark.ts';
import { snapshot } from '../../src/tmux/snapshot.ts';
import { startSession } from '../../src/tmux/start.ts';
import { world } from '../support/fixture.ts';
import { until } from '../support/until.ts';

async function started(name = 'job') {
  const { server, place } = world();
  const first = await server.session('person');
  const socket = await server.ask('display-message', '-p', '#{socket_path}');
  const common = { socket, cwd: place.project, env: {} };
  const { pane, mark, panePid } = await startSession({
    ...common,
    name,
    command: ['sleep', '600'],
  });
  const { serverPid, serverStart, sessionId: id, sessionCreated: created } = pane;
  const target: TmuxIdentity = { socket, serverPid, serverStart, id, created, mark };
  const names = async () =>
    (await server.ask('list-sessions', '-F', '#{session_name}')).split('\n');
  return { server, target, names, first, common, panePid, pane: { id: pane.id, mark } };
}

it('starts a session that bears its mark, and ends exactly it', async () => {
  const { target, names, common, server, pane } = await started();
  await startSession({ ...common, name: 'job-2', command: ['sleep', '600'] });
  const answer = await snapshot(target.socket);
  const ours = answer.kind === 'facts' ? answer.server.sessions.map((s) => [s.name, s.mark]) : [];
  expect(ours.slice(0, 2)).toEqual([
    ['job', target.mark],
    ['job-2', expect.not.stringContaining(target.mark)],
  ]);
  await server.ask('rename-session', '-t', target.id, 'called-otherwise');
  expect(await killGuarded(target, pane)).toBe('done');
  expect(await names()).toEqual(['job-2', 'person']);
});

it('refuses a pane that bears another mark', async () => {
  const { target, names, pane } = await started();
  expect(await killGuarded(target, { ...pane, mark: newMark() })).toBe('refused');
  expect(await names()).toEqual(['job', 'person']);
});

it.each<[string, Partial<TmuxIdentity>]>([
  ['another server', { serverPid: 1 }],
  ['a server that started at another time', { serverStart: '1' }],
  ['a session of another time', { created: '1' }],
  ['no such session', { id: '$999' }],
  ['another session', { id: '$0' }],
])('refuses %s', async (_name, change) => {
  const { target, names, pane } = await started();
  expect(await killGuarded({ ...target, ...change }, pane)).toBe('refused');
  expect(await names()).toEqual(['job', 'person']);
});

it('refuses what is attached, and what is in a group', async () => {
  const { target, names, server, first, pane, panePid } = await started();
  await server.ask('new-session', '-d', '-t', '=job', '-s', 'view');
  expect(await killGuarded(target, pane)).toBe('refused');
  await server.ask('kill-session', '-t', '=view');
  await server.type(first, `env -u TMUX tmux -S '${target.socket}' attach -t =job`);
  await until('a client', async () => (await server.ask('list-clients', '-t', '=job')) !== '');
  expect(await killGuarded(target, pane)).toBe('refused');
  expect(quit(target, pane, panePid)).toBe('other');
  expect(await names()).toEqual(['job', 'person']);
});

it('types into the very pane only', async () => {
  const { target, common, server, first, panePid } = await started();
  const command = ['bash', '--norc', '-c', "read -e -p '› ' line; echo got $line; sleep 600"];
  const started2 = await startSession({ ...common, name: 'reader', command });
  const { sessionId: id, sessionCreated: created, id: paneId } = started2.pane;
  const { mark } = started2;
  const to = { ...target, id, created, mark };
  const shown = () => server.ask('capture-pane', '-p', '-t', paneId);
  await until('the prompt', async () => (await shown()).includes('›'));
  const pane = { id: paneId, mark };
  expect(quit({ ...to, created: '1' }, pane, started2.panePid)).toBe('other');
  expect(quit(to, { ...pane, mark: newMark() }, started2.panePid)).toBe('other');
  expect(quit(to, pane, panePid)).toBe('other');
  expect(quit(to, { id: first, mark }, started2.panePid)).toBe('other');
  expect(quit(to, pane, started2.panePid)).toBe('sent');
  await until('the text', async () => (await shown()).includes('got /quit'));
  expect(await server.ask('capture-pane', '-p', '-t', first)).not.toContain('/quit');
});

function quit(target: TmuxIdentity, pane: MarkedPane, panePid: number) {
  const { socket, serverPid } = target;
  const where = { socket, serverPid, id: pane.id };
  return typeAndSubmit(where, panePid, '/quit', ownFacts(target, pane));
}

it('does not know what came of a server that hangs, and says when there is none', async () => {
  const { target, server, pane } = await started();
  const pid = await server.pid();
  process.kill(pid, 'SIGSTOP');
  try {
    expect(await killGuarded(target, pane)).toBe('unknown');
    expect(await snapshot(target.socket, 300)).toMatchObject({
      kind: 'unknown',
      reason: 'tmux-timeout',
    });
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await server.stop();
  expect(await killGuarded(target, pane)).toBe('no-server');
  expect(await snapshot(target.socket)).toMatchObject({ kind: 'none' });
});

it('marks a pane, once, and never its session', async () => {
  const { target, server, first } = await started();
  const mark = newMark();
  expect(await markPane(target.socket, first, mark)).toBe(true);
  expect(await markPane(target.socket, first, newMark())).toBe(false);
  expect(await markPane(target.socket, '%999', newMark())).toBe(false);
  expect(await markPane(target.socket, 'person', newMark())).toBe(false);
  await server.ask('set-option', '-g', '@stopgate', newMark());
  const answer = await snapshot(target.socket);
  const person = answer.kind === 'facts' && answer.server.sessions.find((s) => s.name === 'person');
  expect(person).toMatchObject({ mark: null, panes: [{ mark }] });
});

it.each(['x#(touch ran)', 'a.b', 'a:b', '', '-t', 'ünï', 'a b'])(
  'takes no name like %j',
  async (name) => {
    const { common, names } = await started();
    const starting = startSession({ ...common, name, command: ['sleep', '600'] });
    if (name === '-t') await starting;
    else await expect(starting).rejects.toMatchObject({ code: 'usage', exitCode: 2 });
    expect((await names()).length).toBe(name === '-t' ? 3 : 2);
  },
);

it('gives the command its words as they are', async () => {
  const { common, server } = await started();
  const words = [
    'sh',
    '-c',
    'printf "<%s>" "$@"; sleep 600',
    'sh',
    'a;',
    ';',
    '#{pid}',
    '$HOME',
    '',
  ];
  const { pane } = await startSession({ ...common, name: 'words', command: words });
  const shown = () => server.ask('capture-pane', '-p', '-t', pane.id);
  const text = await until('its words', async () => (await shown()).trim());
  expect(text).toBe('<a;><;><#{pid}><$HOME><>');
});

it('takes the directory as it is', async () => {
  const { common, server } = await started();
  const cwd = join(common.cwd, 'a #(touch ran) #{pid}');
  mkdirSync(cwd);
  const { pane } = await startSession({
    ...common,
    cwd,
    name: 'there',
    command: ['sh', '-c', 'pwd; sleep 600'],
  });
  const shown = () => server.ask('capture-pane', '-p', '-J', '-t', pane.id);
  const text = await until('its directory', async () => (await shown()).trim());
  expect(text.replaceAll('\n', '')).toBe(cwd);
  expect(existsSync(join(cwd, 'ran')) || existsSync(join(common.cwd, 'ran'))).toBe(false);
});

it('refuses a name that is taken', async () => {
  const { common } = await started();
  await expect(startSession({ ...common, name: 'job', command: ['true'] })).rejects.toMatchObject({
    code: 'tmux-failed',
    message: expect.stringContaining('duplicate session'),
  });
});

it('asks for more marks than tmux takes in one call', async () => {
  const { common, target } = await started();
  const marks = new Map([['job', target.mark]]);
  for (let n = 0; n < 120; n++) {
    const { mark } = await startSession({
      ...common,
      name: `many-${n}`,
      command: ['sleep', '600'],
    });
    marks.set(`many-${n}`, mark);
  }
  const answer = await snapshot(target.socket);
  const sessions = answer.kind === 'facts' ? answer.server.sessions : [];
  expect(sessions).toHaveLength(122);
  for (const { name, mark, panes } of sessions)
    expect([name, mark, panes[0]?.mark]).toEqual([name, marks.get(name) ?? null, mark]);
});
