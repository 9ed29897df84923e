import type { HostId } from '../../../src/owner/identity.ts';
import type { Attack, Run } from '../attack.ts';
import { type Case, tryCases } from '../cases.ts';
import { WRITING } from '../commands.ts';
import { changesBetween, snapshotOf } from '../files.ts';
import { hear, isBlock } from '../oracle.ts';
import { cannotMount, type Sealed, sealed } from '../sealed.ts';
import { unclear } from '../strike.ts';

interface Denied extends Case {
  host: HostId;
  what: string;
}

const COMMANDS = [
  'build step x',
  'build phase verifying',
  'build pause --reason x',
  'build release',
  'build complete',
  'build fail',
  'gate mode shadow',
  'gate kill on',
  'session keep claude-owner-0001 --reason x',
  'session prune --force --older-than 1s',
  'install --host claude',
  'uninstall',
  'migrate',
  'status',
  'doctor',
];
const EVENTS = [...new Set(WRITING.flatMap(({ event }) => event ?? []))];

export const readOnly: Attack = {
  name: 'read-only',
  title: 'a home that is mounted read-only',
  weight: 1,
  short: true,
  missing: cannotMount,
  run: async (run) => {
    for (const host of run.short ? (['claude'] as const) : (['claude', 'codex'] as const)) {
      const mounts = 'mount --bind "$HOME" "$HOME" && mount -o remount,bind,ro "$HOME" && cd /';
      await tryCases(run, {
        cases: [...COMMANDS, ...EVENTS].map((what) => ({ name: `${host}, ${what}`, host, what })),
        short: 5,
        place: () => sealed(run, host, mounts),
        done: ({ world }) => world.remove(),
        work: (one, place) => deny(run, one, place),
      });
    }
  },
};

async function deny(run: Run, { name, host, what }: Denied, place: Sealed): Promise<void> {
  const say = (problem: string, detail: string) =>
    run.defect(problem.split(': ')[0] ?? problem, name, `${problem}; ${detail}`);
  const before = snapshotOf(place.world.home);
  const isEvent = EVENTS.includes(what);
  const entry = what === 'Stop' ? 'stop-gate-router' : 'session';
  const ran = isEvent
    ? await place.fire(what, entry)
    : await place.agent.call({ command: `stopgate ${what}` });
  if (isEvent) {
    const { answer, problems } = hear(host, entry, ran);
    for (const problem of problems) say(problem, ran.stdout);
    if (isBlock(answer)) say('it held a session and could not count it', ran.stdout);
  } else {
    for (const problem of unclear(ran)) say(problem, ran.stderr);
  }
  const changed = changesBetween(before, snapshotOf(place.world.home));
  if (changed.length > 0) say('it changed something', changed.join(', '));
}
