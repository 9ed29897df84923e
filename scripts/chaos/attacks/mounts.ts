import type { HostId } from '../../../src/owner/identity.ts';
import type { Attack, Run } from '../attack.ts';
import { type Case, tryCases } from '../cases.ts';
import { WRITING } from '../commands.ts';
import { changesBetween, restore, snapshotOf } from '../files.ts';
import { hear, isBlock } from '../oracle.ts';
import { cannotMount, type Sealed, sealed } from '../sealed.ts';
import { unclear } from '../strike.ts';

interface Mounted extends Case {
  host: HostId;
  what: string;
}

/** What is mounted over what, and what can be written then. */
interface Mounts {
  readonly script: string;
  readonly writable: boolean;
}

const MOUNTS: Readonly<Record<string, Mounts>> = {
  'a read-only home': { script: readOnly('"$HOME"'), writable: false },
  'a read-only state': { script: readOnly('"$STATE"'), writable: false },
  'no /dev': { script: 'mount -t tmpfs none /dev', writable: true },
  'no /proc': { script: 'mount -t tmpfs none /proc', writable: true },
};

/** Commands that end an installation or a build would leave nothing for the next case. */
const HARMLESS = ['status', 'doctor', 'build step x', 'build history', 'gate log', 'session list'];
const WRITES = [
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
];
const EVENTS = [...new Set(WRITING.flatMap(({ event }) => event ?? []))];

export const mounts: Attack = {
  name: 'mounts',
  title: 'a home or a state directory that is read-only; no /dev; no /proc',
  weight: 1,
  short: true,
  missing: cannotMount,
  run: async (run) => {
    for (const host of run.short ? (['claude'] as const) : (['claude', 'codex'] as const)) {
      for (const [name, { script, writable }] of Object.entries(MOUNTS)) {
        const whats = [...EVENTS, ...HARMLESS, ...(writable ? [] : WRITES)];
        await tryCases(run, {
          cases: whats.map((what) => ({ name: `${name}: ${host}, ${what}`, host, what })),
          short: 2,
          place: () => sealed(run, host, script),
          done: ({ world }) => world.remove(),
          work: (one, place) => meet(run, one, place, writable),
        });
      }
    }
  },
};

function readOnly(path: string): string {
  return `mount --bind ${path} ${path} && mount -o remount,bind,ro ${path} && cd /`;
}

async function meet(run: Run, one: Mounted, place: Sealed, writable: boolean): Promise<void> {
  const { name, host, what } = one;
  const say = (problem: string, detail: string) =>
    run.defect(problem.split(': ')[0] ?? problem, name, `${problem}; ${detail}`);
  const { home } = place.world;
  const before = snapshotOf(home);
  const isEvent = EVENTS.includes(what);
  const entry = what === 'Stop' ? 'stop-gate-router' : 'session';
  const ran = isEvent
    ? await place.fire(what, entry)
    : await place.agent.call({ command: `stopgate ${what}` });
  if (isEvent) {
    const { answer, problems } = hear(host, entry, ran);
    for (const problem of problems) say(problem, ran.stdout);
    if (isBlock(answer)) run.count('blocks of the owner');
    if (isBlock(answer) && !writable) say('it held a session and could not count it', ran.stdout);
  } else {
    for (const problem of unclear(ran)) say(problem, ran.stderr);
  }
  const after = snapshotOf(home);
  const changed = changesBetween(before, after);
  if (changed.length > 0 && !writable) say('it changed something', changed.join(', '));
  if (changed.length > 0) restore(home, before, after);
}
