import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from '../../../src/build/schema.ts';
import type { HostId } from '../../../src/owner/identity.ts';
import type { Attack, Run } from '../attack.ts';
import { type Case, tryCases } from '../cases.ts';
import { hear, isBlock } from '../oracle.ts';
import { cannotMount, type Sealed, sealed } from '../sealed.ts';
import { unclear } from '../strike.ts';

interface Full extends Case {
  host: HostId;
  /** So much is left, in blocks of 4 kB. */
  blocks: number;
  what: string;
}

const COMMANDS = ['step x', 'phase verifying', 'pause --reason x', 'release', 'complete', 'fail'];
const EVENTS = ['Stop', 'SessionStart', 'UserPromptSubmit'];

export const disk: Attack = {
  name: 'disk',
  title: 'a full disk below the state directory, with nothing to a few blocks left',
  weight: 1,
  short: true,
  missing: cannotMount,
  run: async (run) => {
    for (const host of run.short ? (['claude'] as const) : (['claude', 'codex'] as const)) {
      await tryCases(run, {
        cases: cases(host),
        short: 5,
        place: () => sealed(run, host, 'mount -t tmpfs -o size=512k none "$STATE"'),
        done: ({ world }) => world.remove(),
        work: (one, place) => fill(run, one, place),
      });
    }
  },
};

function cases(host: HostId): Full[] {
  const all = [...COMMANDS.map((words) => `build ${words}`), 'gate mode shadow', ...EVENTS];
  return all.flatMap((what) =>
    [0, 1, 2, 3, 5].map((blocks) => {
      return { name: `${host}, ${what}, ${blocks} blocks left`, host, what, blocks };
    }),
  );
}

async function fill(run: Run, { name, host, blocks, what }: Full, place: Sealed): Promise<void> {
  const say = (problem: string, detail: string) =>
    run.defect(problem.split(': ')[0] ?? problem, name, `${problem}; ${detail}`);
  await place.shell('find "$STATE" -mindepth 1 -delete; cp -a "$SAVED"/. "$STATE"');
  const before = stateOf(place);
  await place.shell(
    'dd if=/dev/zero of="$STATE/fill" bs=4k 2>/dev/null; ' +
      `truncate -s "-$(( 4096 * ${blocks} ))" "$STATE/fill"`,
  );
  const isEvent = EVENTS.includes(what);
  const entry = what === 'Stop' ? 'stop-gate-router' : 'session';
  const ran = isEvent
    ? await place.fire(what, entry)
    : await place.agent.call({ command: `stopgate ${what}` });
  const { answer, problems } = isEvent
    ? hear(host, entry, ran)
    : { answer: null, problems: unclear(ran) };
  for (const problem of problems) say(problem, ran.stderr);
  await place.shell('rm "$STATE/fill"');
  const after = stateOf(place);
  if (after === null) return say('the build is lost', 'its file cannot be read any more');
  const cost = after.budget.spent - (before?.budget.spent ?? 0);
  if (isBlock(answer) && cost !== 1) say('a block that was spoken was not counted', `${cost}`);
  if (!isEvent && ran.code === 1 && JSON.stringify(after) !== JSON.stringify(before)) {
    run.count('refused, though the new state was written');
  }
  const next = await place.agent.call({ command: `stopgate build history --build ${place.build}` });
  for (const problem of unclear(next)) say(`with space again: ${problem}`, next.stderr);
  const { phase, owner } = after;
  const isOpen = !['complete', 'failed', 'paused'].includes(phase) && owner !== null;
  const held = isBlock(
    hear(host, 'stop-gate-router', await place.fire('Stop', 'stop-gate-router')).answer,
  );
  if (held !== (isOpen && !(what.startsWith('gate') && ran.code === 0))) {
    say('with space again the owner is not held', `${phase}, held ${held}`);
  }
}

function stateOf({ inside, build }: Sealed) {
  try {
    return buildSchema.parse(
      JSON.parse(readFileSync(join(inside, 'builds', `${build}.json`), 'utf8')),
    );
  } catch {
    return null;
  }
}
