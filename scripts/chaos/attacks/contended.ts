import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from '../../../src/build/schema.ts';
import type { Attack, Run } from '../attack.ts';
import { type Case, tryCases } from '../cases.ts';
import { hear, isBlock } from '../oracle.ts';
import { lineOf, plainStop, sentBy } from '../payloads.ts';
import type { Random } from '../random.ts';
import { type Scene, type Session, setScene } from '../scene.ts';

/** How many stops the whole attack fires, and how many of them at once. */
const STOPS = 10_000;
const AT_ONCE = 40;

/** Blocks in a row without progress: what bounds a build of size large first (docs/builds.md). */
const STREAK = 7;

interface Round extends Case {
  /** Of ten stops so many are killed. */
  kills: number;
  limit: number;
}

export const contended: Attack = {
  name: 'contended',
  title: 'stops of owners and strangers of two builds all at once, some killed',
  weight: 5,
  short: true,
  run: (run) =>
    tryCases(run, {
      cases: rounds(),
      short: 2,
      place: () => setScene(run),
      done: (scene) => scene.end(),
      work: (round, scene) => play(run, scene, round),
    }),
};

function rounds(): Round[] {
  return Array.from({ length: STOPS / AT_ONCE }, (_, at) => {
    const [kills, limit] = [[0, 1, 3, 6][at % 4] ?? 0, [1, 3, 5, 10][Math.floor(at / 4) % 4] ?? 3];
    return { name: `round ${at}: limit ${limit}, ${kills} of 10 killed`, kills, limit };
  });
}

interface Tally {
  spoken: number;
  killed: number;
}

async function play(run: Run, scene: Scene, { name, kills, limit }: Round): Promise<void> {
  const random = run.random(name);
  scene.reset();
  const owners = Object.values(scene.owners);
  const strangers = Object.values(scene.strangers);
  for (const { build } of owners) setLimit(scene, build, limit);
  const tallies = new Map<string, Tally>(owners.map(({ id }) => [id, { spoken: 0, killed: 0 }]));
  const say = (what: string, detail = '') => run.defect(what, name, detail);

  const stops = Array.from({ length: AT_ONCE }, (_, at) => {
    const session = random.pick(random.chance(0.6) ? owners : strangers);
    return fire(run, scene, session, at, random, kills / 10, tallies.get(session.id) ?? null, say);
  });
  await Promise.all(stops);

  for (const session of owners) {
    const { spoken, killed } = tallies.get(session.id) ?? { spoken: 0, killed: 0 };
    const bound = Math.min(limit, STREAK);
    const { spent } = budgetOf(scene, session.build);
    const detail = `${session.host}: ${spoken} spoken, ${spent} counted, ${killed} killed, at most ${bound}`;
    if (spoken > bound) say('more blocks than the limit', detail);
    if (spent > bound) say('more blocks counted than the limit', detail);
    if (spoken > spent) say('a block that was spoken is not counted', detail);
    if (spent - spoken > killed) say('a block was counted and not spoken', detail);
    await settles(run, scene, session, bound - spent, say);
  }
}

/** After the storm: what is left of the budget is spoken, one stop at a time, and not one more. */
async function settles(
  run: Run,
  scene: Scene,
  session: Session,
  left: number,
  say: (what: string, detail?: string) => void,
): Promise<void> {
  for (let at = 0; at <= left; at++) {
    const more = { last_assistant_message: `after the storm ${at}` };
    const { answer, problems } = hear(
      session.host,
      'stop-gate-router',
      await scene.stop(session, more),
    );
    run.count('stops');
    for (const what of problems) say(what, 'after the storm');
    if (isBlock(answer) !== at < left) {
      say('after the storm the budget is wrong', `${session.host}: stop ${at}, ${left} left`);
    }
  }
}

async function fire(
  run: Run,
  { world }: Scene,
  session: Session,
  at: number,
  random: Random,
  kills: number,
  tally: Tally | null,
  say: (what: string, detail?: string) => void,
): Promise<void> {
  const { host, id } = session;
  const payload = sentBy(plainStop(host), id, world.project);
  const input = lineOf({ ...payload, last_assistant_message: `turn ${at} of ${id}` });
  const isKilled = random.chance(kills);
  const kill = { afterMs: random.upTo(400), whom: random.pick(['group', 'node'] as const) };
  await new Promise((done) => setTimeout(done, random.upTo(300)));
  const ran = await session.agent.call({
    command: world.hook(host, 'stop-gate-router'),
    input,
    ...(isKilled ? { kill } : {}),
  });
  run.count('stops');
  const { answer, problems } = hear(host, 'stop-gate-router', ran);
  const held = isBlock(answer);
  if (ran.killed) run.count('killed');
  if (held) run.count('blocks');
  for (const what of problems) say(what, `${host}: ${ran.stdout.slice(0, 100)}`);
  if (tally === null) {
    if (held) say('it held a session that is not the owner', id);
    return;
  }
  if (held) tally.spoken++;
  else if (ran.killed) tally.killed++;
}

function budgetOf({ world }: Scene, build: string | null) {
  const path = world.paths.build(build ?? '');
  return buildSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).budget;
}

function setLimit({ world }: Scene, build: string | null, limit: number): void {
  const path = join(world.paths.builds, `${build}.json`);
  const state = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...state, budget: { ...state.budget, limit } }));
}
