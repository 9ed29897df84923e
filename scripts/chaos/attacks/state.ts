import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HostId } from '../../../src/owner/identity.ts';
import type { Called } from '../agent.ts';
import type { Attack, Run } from '../attack.ts';
import { type Case, tryCases } from '../cases.ts';
import { type Entry, put } from '../files.ts';
import { type Heard, hear, isBlock, STOP_ENTRIES, trespasses } from '../oracle.ts';
import { lineOf, recordedPayloads, sentBy } from '../payloads.ts';
import { type Scene, setScene } from '../scene.ts';
import { SPOILS, spoil } from '../spoil.ts';

interface Fault extends Case {
  path: string;
  fault: string;
  host: HostId;
  entry: string;
  from: 'owner' | 'stranger';
}

/** The event that each entry is called with. */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  'stop-gate-router': ['Stop'],
  'build-stop': ['Stop'],
  'shutdown-after-idle': ['PostToolUse'],
  session: ['SessionStart', 'UserPromptSubmit'],
};

export const state: Attack = {
  name: 'state',
  title: 'each file of the state and of the installation replaced, to every entry of both hosts',
  weight: 4,
  short: false,
  run: async (run) => {
    const first = await setScene(run);
    await tryCases(run, {
      cases: faults(run, first),
      short: 70,
      place: (lane) => (lane === 0 ? Promise.resolve(first) : setScene(run)),
      done: (scene) => scene.end(),
      work: (one, scene) => meet(run, scene, one),
    });
  },
};

/** What is replaced: by its role, because ids differ from world to world. */
function targets({ before, owners }: Scene): string[] {
  const roles = [...before]
    .filter(([path, { kind }]) => isTarget(path, kind))
    .map(([path]) => roleOf(path, owners));
  return [...new Set([...roles, ...PLANTED])].sort();
}

const STATE = 'home/.local/state/stopgate';

/** What is not there in a quiet moment, and what anybody could put there. */
const PLANTED: readonly string[] = [
  ...['build-BUILD-OF-claude', 'blocks-claude-owner-0001', 'session-claude-owner-0001'].map(
    (name) => `${STATE}/locks/${name}.lock`,
  ),
  `${STATE}/locks/gate.lock`,
  `${STATE}/armed/off`,
  `${STATE}/armed/stop/no-such-build-000000`,
  `${STATE}/armed/rest/claude-owner-0001`,
  `${STATE}/runtime/requests/claude-owner-0001.json`,
  `${STATE}/builds/no-such-build-000000.json`,
  `${STATE}/sessions/no-such-session.json`,
  'home/.config/stopgate/config.json',
  'home/project/stopgate.config.json',
];

function isTarget(path: string, kind: Entry['kind']): boolean {
  if (/^home\/\.local\/state\/stopgate/.test(path)) return true;
  return kind !== 'dir' && /^home\/\.local\/share\/stopgate\//.test(path);
}

function roleOf(path: string, owners: Scene['owners']): string {
  let role = path;
  for (const { host, build } of Object.values(owners)) {
    if (build !== null) role = role.replaceAll(build, `BUILD-OF-${host}`);
  }
  return role;
}

function pathOf(role: string, owners: Scene['owners']): string {
  let path = role;
  for (const { host, build } of Object.values(owners)) {
    path = path.replaceAll(`BUILD-OF-${host}`, build ?? '');
  }
  return path;
}

function faults({ installed }: Run, scene: Scene): Fault[] {
  const hosts: HostId[] = ['claude', 'codex'];
  return targets(scene).flatMap((path) =>
    Object.keys(SPOILS)
      .filter(isFor(path))
      .flatMap((fault) =>
        hosts.flatMap((host) =>
          installed.entries.flatMap((entry) =>
            (['owner', 'stranger'] as const).map((from) => {
              const name = `${path} ${fault}: ${host} ${entry} of the ${from}`;
              return { name, path, fault, host, entry, from };
            }),
          ),
        ),
      ),
  );
}

/** A program of gigabytes is none of the faults: whoever can put one there can put any program there. */
function isFor(path: string): (fault: string) => boolean {
  const isProgram =
    path.includes('/versions/') || path.includes('/current') || path.includes('/bin/');
  return (fault) => !isProgram || !/huge|zero|read-only|object/.test(fault);
}

async function meet(run: Run, scene: Scene, one: Fault): Promise<void> {
  const { host, entry, from, fault } = one;
  const { world } = scene;
  scene.reset();
  const path = pathOf(one.path, scene.owners);
  const spoiled = join(world.root, path);
  if (!scene.before.has(path) && !PLANTED.includes(one.path)) {
    return run.count('not there in this world');
  }
  spoil(fault, spoiled, world.uid);
  try {
    for (const event of EVENTS[entry] ?? ['Stop']) await fire(event);
  } finally {
    mend(scene, path);
  }
  await isIntact(run, scene, one);

  async function fire(event: string): Promise<void> {
    const session = (from === 'owner' ? scene.owners : scene.strangers)[host];
    const before = scene.now();
    const recorded = recordedPayloads().find((it) => it.host === host && it.event === event);
    if (recorded === undefined) return;
    const input = lineOf(sentBy(recorded, session.id, world.project));
    const ran = await session.agent.call({ command: world.hook(host, entry), input });
    run.count('calls');
    const { answer, problems } = heardOf(one, ran);
    if (isBlock(answer)) {
      run.count('blocks of the owner');
      const isRight = from === 'owner' && STOP_ENTRIES.includes(entry);
      if (!isRight) problems.push('it held a session that is not the owner');
    }
    const builds = from === 'owner' && session.build ? [session.build] : [];
    const allowed = { session: session.id, builds, spoiled: [path, beside(path)] };
    problems.push(...trespasses(before, scene.now(), allowed));
    for (const what of problems) {
      const detail = `${event}: ${what}; stdout ${JSON.stringify(ran.stdout.slice(0, 120))}`;
      run.defect(what.split(': ')[0] ?? what, one.name, detail);
    }
  }
}

/** A damaged launcher cannot speak: silence approves. */
function heardOf({ host, entry, path }: Fault, ran: Called): Heard {
  const heard = hear(host, entry, ran);
  if (!path.endsWith('/stopgate-hook') || ran.stdout !== '') return heard;
  const isLoud = (what: string) => what !== 'stdout is not one JSON object';
  return { ...heard, problems: heard.problems.filter(isLoud) };
}

/** The FIFO that a link leads to is part of the fault. */
function beside(path: string): string {
  return join(path, '..', 'a-fifo');
}

/** Takes the fault away, and nothing else: what the calls wrote meanwhile stays. */
function mend({ world, before }: Scene, path: string): void {
  rmSync(join(world.root, beside(path)), { force: true });
  rmSync(join(world.root, path), { recursive: true, force: true });
  for (const [one, entry] of before) {
    const below = one === path || one.startsWith(`${path}/`);
    if (below && !existsSync(join(world.root, one))) put(join(world.root, one), entry, world.uid);
  }
}

/** The owner of each host is held again: by its next stop, or after its next command. */
async function isIntact(run: Run, scene: Scene, { name, host }: Fault): Promise<void> {
  const owner = scene.owners[host];
  const held = async () => isBlock(hear(host, 'stop-gate-router', await scene.stop(owner)).answer);
  if (await held()) return;
  run.count('held again only after a command');
  const step = await owner.agent.call({
    command: `stopgate build step mended --build ${owner.build}`,
  });
  if (step.code !== 0) return run.defect('the build is lost', name, step.stderr);
  if (!(await held())) run.defect('the owner is not held after the fault is gone', name, '');
}
