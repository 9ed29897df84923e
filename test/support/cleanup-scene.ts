import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startAgent } from './agent.ts';
import { cli } from './cli.ts';
import { registered } from './installed-tree.ts';
import { DONE, type Leftovers } from './leftovers.ts';
import { until } from './until.ts';

/** Makes every leftover that a report tells apart; `EXPECTED` in cleanup-scene.test.ts names them. */
export async function makeScene(l: Leftovers): Promise<void> {
  await looked(l);
  await working(l);
  await finished(l);
  await contradicting(l);
  await persons(l);
  await recorded(l);
  await hanging(l);
}

/** Attached, or perhaps: by clients, groups, links. */
async function looked({ launch, attach, main }: Leftovers): Promise<void> {
  await launch('attached', ['sleep', '600']);
  await attach('attached');
  await launch('grouped', ['sleep', '600']);
  await main.ask('new-session', '-d', '-t', '=grouped', '-s', 'grouped-view');
  await attach('grouped-view');
  await launch('silent-group', DONE);
  await main.ask('new-session', '-d', '-t', '=silent-group', '-s', 'silent-view');
  await launch('linked', DONE);
  await main.ask('link-window', '-d', '-s', '=linked:0', '-t', '=person:9');
}

async function working(l: Leftovers): Promise<void> {
  const { launch, agent, hook, rest, main, server } = l;
  await hook(await agent('working'), 'UserPromptSubmit');
  await rest(await agent('waiting'), {
    background_tasks: [{ id: 'b1', type: 'shell', status: 'running', command: 'sleep 9' }],
  });
  const building = await agent('building');
  await building.run('stopgate build start "a task" && stopgate build pause --reason "a question"');
  await rest(building);
  await launch('job-2', ['sleep', '600']);
  await launch('split', DONE);
  await main.split('=split:');
  server('inner');
  await launch('nest', ['sh', '-c', 'env -u TMUX tmux -f /dev/null -L inner new-session -s in']);
  await until('the inner server', () => l.sessions('inner').then((names) => names.length > 0));
}

async function finished({ launch, agent, hook, rest, main, place }: Leftovers): Promise<void> {
  for (const name of ['idle', 'kept', 'released']) await rest(await agent(name));
  await rest(await agent('with-role', {}, 'intake'));
  await cli(place, ['session', 'keep', 'kept', '--reason', 'for the demo']);
  await cli(place, ['session', 'release', 'released']);
  const renamed = await agent('renamed');
  await hook(renamed, 'SessionEnd', { reason: 'other' });
  await renamed.exit();
  await main.ask('rename-session', '-t', '=renamed', 'called-otherwise');
  await launch('job', DONE);
  await launch('done', DONE);
}

/** The registry says one thing, tmux another. */
async function contradicting({ launch, main, place }: Leftovers): Promise<void> {
  await launch('failed', ['sh', '-c', 'sleep 0.2; exit 1']);
  await launch('respawned', ['sleep', '600']);
  await main.ask('respawn-pane', '-k', '-t', '=respawned:', '/bin/sh', '-i');
  const { mark } = await launch('forgotten', DONE);
  rmSync(place.paths.launch(mark));
}

/** Sessions of a person: on our server, with a name like a mark, with a mark that is set globally. */
async function persons({ main, place }: Leftovers): Promise<void> {
  const pane = await main.session('sg-0123456789abcdef');
  await main.ask('set-option', '-g', '@stopgate', 'sg-0123456789abcdef');
  const agent = await startAgent(place, main, pane, 'persons');
  const input = JSON.stringify({
    session_id: 'persons',
    cwd: place.project,
    hook_event_name: 'SessionStart',
    source: 'startup',
  });
  await agent.run(registered('session'), {
    input,
  });
}

/** Records whose tmux session is not there any more, and some that lost a part. */
async function recorded(l: Leftovers): Promise<void> {
  const { place, agent, hook, edit } = l;
  const cleared = await agent('cleared');
  await hook(cleared, 'SessionEnd', { reason: 'clear' });
  await hook(await cleared.clear('cleared-2'), 'SessionStart', { source: 'clear' });

  const dead = l.server('dead');
  const inDead = await l.inServer(dead);
  await agent('lost', inDead);
  await hook(await agent('ended', inDead), 'SessionEnd', { reason: 'other' });
  await agent('paneless', inDead);
  await agent('reused', inDead);
  await dead.stop();
  edit(place.paths.session('paneless'), (record) => ({ ...record, pane: null }));
  edit(place.paths.session('reused'), (record) => ({
    ...record,
    agent: { pid: process.pid, start: 'boot:before' },
  }));

  const again = l.server('again');
  await agent('before', await l.inServer(again));
  await again.stop();
  await again.session('person-again');
  writeFileSync(join(place.paths.sessions, 'torn.json'), '{ "schema": 1, "sess');
}

async function hanging(l: Leftovers): Promise<void> {
  const hang = l.server('hang');
  await l.launch('hung', DONE, await l.inServer(hang));
  const pid = await hang.pid();
  process.kill(pid, 'SIGSTOP');
  onTestFinished(() => void process.kill(pid, 'SIGCONT'));
}
