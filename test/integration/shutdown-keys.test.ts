import { expect, it } from 'vitest';
import { lookAtPane } from '../../src/idle/pane.ts';
import { plain } from '../../src/idle/screen.ts';
import { typeAndSubmit } from '../../src/idle/type.ts';
import type { PaneStamp } from '../../src/owner/stamp.ts';
import { world } from '../support/fixture.ts';
import type { TmuxServer } from '../support/tmux-server.ts';
import { until } from '../support/until.ts';

const READ = `while read -e -p '› ' line; do echo "got [$line]"; done`;

/** A pane with a program that reads lines as Codex does, C-u included. */
async function reader() {
  const { server } = world();
  const id = await server.session('work');
  await server.type(id, `clear; exec bash --norc -c '${READ.replaceAll("'", `'\\''`)}'`);
  await until('the prompt', async () => /^› ?$/m.test(await screen(server, id)));
  const format = '#{socket_path}\t#{pid}\t#{start_time}\t#{pane_pid}';
  const [socket = '', pid, serverStart = '', panePid] = (
    await server.ask('display-message', '-p', '-t', id, format)
  ).split('\t');
  const place = { sessionId: '$0', sessionCreated: '0', sessionName: 'work' };
  const pane: PaneStamp = { socket, serverPid: Number(pid), serverStart, id, ...place };
  return { server, id, pane, panePid: Number(panePid) };
}

function screen(server: TmuxServer, id: string): Promise<string> {
  return server.ask('capture-pane', '-p', '-t', id);
}

const nothing = async (server: TmuxServer, id: string) => {
  await new Promise((done) => setTimeout(done, 900));
  expect(await screen(server, id)).not.toContain('got [');
};

it('types and submits the word, in place of what stood there', async () => {
  const { server, id, pane, panePid } = await reader();
  await server.ask('send-keys', '-t', id, '-l', 'half typed');
  expect(typeAndSubmit(pane, panePid, '/quit')).toBe('sent');
  await until('the line', async () => (await screen(server, id)).includes('got [/quit]'));
});

it('submits nothing when a person types behind it', async () => {
  const { server, id, pane, panePid } = await reader();
  expect(typeAndSubmit(pane, panePid, '/quit')).toBe('sent');
  await server.ask('send-keys', '-t', id, '-l', ' later');
  await nothing(server, id);
  expect(await screen(server, id)).toContain('› /quit later');
});

it.each<[string, (server: TmuxServer, id: string) => Promise<unknown>]>([
  ['is in copy mode', (server, id) => server.ask('copy-mode', '-t', id)],
  [
    'sends its keys to other panes too',
    (server, id) => server.ask('set-option', '-w', '-t', id, 'synchronize-panes', 'on'),
  ],
])('types nothing in a pane that %s', async (_, change) => {
  const { server, id, pane, panePid } = await reader();
  await change(server, id);
  expect(typeAndSubmit(pane, panePid, '/quit')).toBe('other');
  await nothing(server, id);
});

it('types nothing when server or process are others than was proven', async () => {
  const { server, id, pane, panePid } = await reader();
  expect(typeAndSubmit({ ...pane, serverPid: pane.serverPid + 1 }, panePid, '/quit')).toBe('other');
  expect(typeAndSubmit(pane, panePid + 1, '/quit')).toBe('other');
  expect(typeAndSubmit({ ...pane, id: '%99' }, panePid, '/quit')).toBe('other');
  expect(typeAndSubmit({ ...pane, socket: `${pane.socket}x` }, panePid, '/quit')).toBe('gone');
  await nothing(server, id);
});

it('does not call a server that hangs another pane', async () => {
  const { server, id, pane, panePid } = await reader();
  const pid = await server.pid();
  process.kill(pid, 'SIGSTOP');
  try {
    expect(typeAndSubmit(pane, panePid, '/quit')).toBe('unknown');
    expect(lookAtPane(pane)).toMatchObject({
      kind: 'unseen',
      why: expect.stringMatching('timeout'),
    });
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await until('the line', async () => (await screen(server, id)).includes('got [/quit]'));
});

it('sees the pane, its process and its screen', async () => {
  const { server, id, pane, panePid } = await reader();
  const answer = lookAtPane(pane);
  expect(answer).toMatchObject({
    kind: 'seen',
    look: { panePid, inMode: false, synchronized: false, clientUsedAt: null },
  });
  if (answer.kind === 'seen') {
    expect(plain(answer.look.rows[answer.look.cursor.y])).toMatch(/^›/);
  }
  await server.ask('split-window', '-d', '-t', id, '/bin/sh');
  await server.ask('kill-pane', '-t', id);
  expect(lookAtPane(pane).kind).toBe('unseen');
  expect(lookAtPane({ ...pane, serverStart: '1' }).kind).toBe('unseen');
});
