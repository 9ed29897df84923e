import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from '../../../src/build/schema.ts';
import type { Agent, Called } from '../agent.ts';
import type { Attack, Run } from '../attack.ts';
import { type Case, tryCases } from '../cases.ts';
import { hear, isBlock } from '../oracle.ts';
import { lineOf, plainStop, recordedPayloads, sentBy } from '../payloads.ts';
import type { World } from '../world.ts';

/** Processes of their own, the same files: two containers that share a home. */
const CONTAINER = ['unshare', '-rpf', '--mount-proc', '--kill-child'];
const ROUNDS = 60;
const STEPS = 6;
const LIMIT = 7;

interface Places {
  world: World;
  owner: Agent;
  other: Agent;
  person: Agent;
}

export const namespaces: Attack = {
  name: 'namespaces',
  title: 'two PID namespaces on one state directory: owner, stranger, writers, cleanup',
  weight: 2,
  short: false,
  missing: () =>
    spawnSync(CONTAINER[0] ?? '', [...CONTAINER.slice(1), 'true']).status === 0
      ? null
      : 'there are no PID namespaces here',
  run: (run) =>
    tryCases(run, {
      cases: Array.from({ length: ROUNDS }, (_, at): Case => ({ name: `round ${at}` })),
      short: 1,
      place: () => containers(run),
      done: ({ world }) => world.remove(),
      work: ({ name }, places) => play(run, name, places),
    }),
};

async function containers(run: Run): Promise<Places> {
  const world = await run.world({ asSelf: true });
  const [owner, other, person] = await Promise.all([
    world.agent('claude', 'in-one', CONTAINER),
    world.agent('claude', 'in-other', CONTAINER),
    world.agent('person', 'person', CONTAINER),
  ]);
  return { world, owner, other, person };
}

async function play(run: Run, name: string, { world, owner, other, person }: Places) {
  const random = run.random(name);
  const say = (what: string, detail: string) => run.defect(what, name, detail);
  // The bound of an hour is not what a round is about.
  rmSync(join(world.paths.root, 'runtime/blocks'), { recursive: true, force: true });
  for (const agent of [owner, other]) judge(await fire(world, agent, 'SessionStart', 'session'));
  const start = await owner.call({ command: `stopgate build start '${name}' --size large` });
  const id = /build (\S+) started/.exec(start.stdout)?.[1] ?? '';
  if (id === '') return say('no build can be started', start.stderr);
  const state = () => buildSchema.parse(JSON.parse(readFileSync(world.paths.build(id), 'utf8')));

  let spoken = 0;
  let steps = 0;
  const step = async (from: Agent, at: number) => {
    const ran = await from.call({ command: `stopgate build step 'step ${at}' --build ${id}` });
    run.count('steps');
    if (ran.code === 0) steps++;
    else say('a step was refused', ran.stderr);
  };
  const stop = async (agent: Agent, at: number) => {
    const more = { last_assistant_message: `turn ${at}` };
    const held = judge(await fire(world, agent, 'Stop', 'stop-gate-router', more));
    run.count('stops');
    if (held && agent === owner) spoken++;
    if (held && agent !== owner) say('it held a session that is not the owner', 'in the other');
  };
  const doings = Array.from({ length: STEPS }, (_, at) => [
    () => step(owner, at),
    () => step(person, at + STEPS),
    () => stop(owner, at),
    () => stop(other, at),
    () => prune(other),
  ]).flat();
  await Promise.all(
    doings.map(async (doing) => {
      await new Promise((done) => setTimeout(done, random.upTo(1500)));
      await doing();
    }),
  );

  const after = state();
  if (after.steps.length !== steps) say('a step is lost', `${after.steps.length} of ${steps}`);
  if (spoken > after.budget.spent) say('a block that was spoken is not counted', `${spoken}`);
  if (after.budget.spent > LIMIT * 2) say('more blocks than the limit', `${after.budget.spent}`);
  if (after.owner?.sessionId !== 'in-one')
    say('the owner lost its build', `${after.owner?.sessionId}`);
  if (!judge(await fire(world, owner, 'Stop', 'stop-gate-router')))
    say('the owner is not held', '');
  const done = await owner.call({ command: 'stopgate build complete' });
  if (done.code !== 0) say('the owner cannot finish', done.stderr);

  function judge(ran: Called): boolean {
    const { answer, problems } = hear('claude', 'stop-gate-router', ran);
    for (const what of problems) if (!what.startsWith('unknown key')) say(what, ran.stdout);
    return isBlock(answer);
  }

  async function prune(from: Agent): Promise<void> {
    const ran = await from.call({ command: 'stopgate session prune --force --older-than 1s' });
    if (ran.code !== 0 && ran.code !== 1) say('a prune broke off', ran.stderr);
  }
}

function fire(world: World, agent: Agent, event: string, entry: string, more: object = {}) {
  const recorded =
    event === 'Stop'
      ? plainStop('claude')
      : recordedPayloads().find((one) => one.host === 'claude' && one.event === event);
  if (recorded === undefined) throw new Error(`expected a recorded ${event}`);
  const input = lineOf({ ...sentBy(recorded, agent.session, world.project), ...more });
  return agent.call({ command: world.hook('claude', entry), input });
}
