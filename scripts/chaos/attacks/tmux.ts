import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { buildSchema } from '../../../src/build/schema.ts';
import { type Agent, type Ran, startAgent } from '../../../test/support/agent.ts';
import { type TmuxServer, tmuxServer } from '../../../test/support/tmux-server.ts';
import type { Attack, Run } from '../attack.ts';
import { type Case, tryCases } from '../cases.ts';
import { hear, isBlock } from '../oracle.ts';
import { lineOf, recordedPayloads, sentBy } from '../payloads.ts';
import { unclear } from '../strike.ts';
import type { World } from '../world.ts';

interface Doing extends Case {
  who: 'owner' | 'neighbour';
  event?: string;
  command?: string;
}

interface Panes {
  world: World;
  server: TmuxServer;
  owner: Agent;
  neighbour: Agent;
  build: string;
}

const EVENTS = ['Stop', 'SessionStart', 'UserPromptSubmit', 'SessionEnd'];
const COMMANDS = [
  'stopgate status --why --json',
  'stopgate build step x',
  'stopgate session report --json',
  'stopgate session list',
  'stopgate session prune --force --older-than 1s',
  'stopgate doctor',
  'stopgate session keep owner-1 --reason x',
];

export const tmux: Attack = {
  name: 'tmux',
  title: 'a tmux server that is stopped and never answers',
  weight: 1,
  short: true,
  missing: () => (spawnSync('tmux', ['-V']).status === 0 ? null : 'there is no tmux'),
  run: (run) =>
    tryCases(run, {
      cases: doings(),
      short: 4,
      place: () => panes(run),
      done: async ({ world, server }) => {
        await server.stop();
        await world.remove();
      },
      work: (doing, place) => hang(run, doing, place),
    }),
};

function doings(): Doing[] {
  const whos = ['owner', 'neighbour'] as const;
  return whos.flatMap((who) => [
    ...EVENTS.map((event) => ({ name: `${who}: ${event}`, who, event })),
    ...COMMANDS.map((command) => ({ name: `${who}: ${command}`, who, command })),
  ]);
}

async function panes(run: Run): Promise<Panes> {
  const world = await run.world({ asSelf: true });
  const server = tmuxServer(world);
  const pane = await server.session('work');
  const owner = await startAgent(world, server, pane, 'owner-1');
  const neighbour = await startAgent(world, server, await server.split(pane), 'neighbour-1');
  for (const agent of [owner, neighbour]) await fire(world, agent, 'SessionStart');
  const started = await owner.run("stopgate build start 'a task' --size large");
  const build = /build (\S+) started/.exec(started.stdout)?.[1] ?? '';
  return { world, server, owner, neighbour, build };
}

/** The server stands still while something is done that wants to ask it. */
async function hang(run: Run, { name, who, event, command }: Doing, place: Panes): Promise<void> {
  const { world, server, build } = place;
  const agent = place[who];
  const say = (what: string, detail: string) => run.defect(what, name, detail);
  const path = world.paths.build(build);
  const before = buildSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const pid = await server.pid();
  process.kill(pid, 'SIGSTOP');
  let ran: Ran;
  try {
    ran = event ? await fire(world, agent, event) : await agent.run(command ?? ':');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  const called = asCalled(ran);
  if (event) {
    const { answer, problems } = hear('claude', entryOf(event), called);
    for (const what of problems) say(what, ran.stdout);
    if (isBlock(answer) && who !== 'owner') say('it held a session that is not the owner', '');
  } else {
    if (ran.ms > COMMAND_MS) say('the command took longer than half a minute', `${ran.ms}`);
    for (const what of unclear(called)) say(what, ran.stderr);
  }
  const after = buildSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  if (after.owner?.sessionId !== before.owner?.sessionId) say('the owner lost its build', '');
}

const COMMAND_MS = 30_000;

function entryOf(event: string): string {
  return event === 'Stop' ? 'stop-gate-router' : 'session';
}

function fire(world: World, agent: Agent, event: string): Promise<Ran> {
  const recorded = recordedPayloads().find((one) => one.host === 'claude' && one.event === event);
  if (recorded === undefined) throw new Error(`expected a recorded ${event}`);
  const input = lineOf(sentBy(recorded, agent.sessionId, world.project));
  return agent.run(world.hook('claude', entryOf(event)), { input });
}

function asCalled(ran: Ran) {
  return { ...ran, signal: null, timedOut: false, killed: false, rssKb: 0, left: [] };
}
