import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostId } from '../../src/owner/identity.ts';
import type { Agent, Called } from './agent.ts';
import type { Run } from './attack.ts';
import { changesBetween, restore, type Snapshot, snapshotOf } from './files.ts';
import { lineOf, plainStop, recordedPayloads, sentBy } from './payloads.ts';
import type { World, WorldOptions } from './world.ts';

/** A session, and the build that it owns. */
export interface Session {
  readonly agent: Agent;
  readonly host: HostId;
  readonly id: string;
  /** The id of its build, or null. */
  readonly build: string | null;
}

/**
 * A world where a session of each host owns an open build and works beside one that owns nothing: every fault there
 * meets an owner and a stranger of either host.
 */
export interface Scene {
  readonly world: World;
  readonly owners: Readonly<Record<HostId, Session>>;
  readonly strangers: Readonly<Record<HostId, Session>>;
  /** How everything was when the scene was set. */
  readonly before: Snapshot;
  now(): Snapshot;
  /** Puts everything back to how it was. */
  reset(): void;
  /** Fires the plain end of a turn. */
  stop(session: Session, more?: object): Promise<Called>;
  end(): Promise<void>;
}

const HOSTS: readonly HostId[] = ['claude', 'codex'];

export async function setScene(run: Run, options: WorldOptions = {}): Promise<Scene> {
  const world = await run.world(options);
  const owners = await both((host) => owner(world, host));
  const strangers = await both((host) => stranger(world, host));
  // A gate that was switched off and on again keeps a file of its own.
  await world.must('stopgate gate kill on && stopgate gate kill off');
  const look = () => snapshotOf(world.root, isVolatile);
  let before = look();
  const stop = (session: Session, more: object = {}) => {
    const payload = { ...sentBy(plainStop(session.host), session.id, world.project), ...more };
    const command = world.hook(session.host, 'stop-gate-router');
    return session.agent.call({ command, input: lineOf(payload) });
  };
  // Every file that a stop writes is there before the first fault; the budget is not touched by it.
  for (const session of [...Object.values(strangers), ...Object.values(owners)])
    await stop(session);
  restoreBuilds(world, before);
  before = look();
  return {
    world,
    owners,
    strangers,
    before,
    now: look,
    reset: () => {
      const now = look();
      if (changesBetween(now, before).length > 0) restore(world.root, before, now, world.uid);
    },
    stop,
    end: () => world.remove(),
  };
}

/** What a session wrote is the same to it whenever it reads it; git's own files are none of ours. */
function isVolatile(path: string): boolean {
  return path.includes('/.git/') || path.includes('/.npm/');
}

function restoreBuilds(world: World, before: Snapshot): void {
  const isBuild = (path: string) => path.includes('/builds/') || path.includes('/blocks/');
  const only = (all: Snapshot) => new Map([...all].filter(([path]) => isBuild(path)));
  restore(world.root, only(before), only(snapshotOf(world.root, isVolatile)), world.uid);
}

async function both(make: (host: HostId) => Promise<Session>): Promise<Record<HostId, Session>> {
  const [claude, codex] = await Promise.all(HOSTS.map(make));
  if (claude === undefined || codex === undefined) throw new Error('expected a session per host');
  return { claude, codex };
}

async function owner(world: World, host: HostId): Promise<Session> {
  const found = await stranger(world, host, 'owner');
  const known = new Set(buildIds(world));
  const started = await found.agent.call({
    command: `stopgate build start 'a task of ${host}' --size large`,
  });
  if (started.code !== 0) throw new Error(`no build was started: ${started.stderr}`);
  const build = buildIds(world).find((id) => idOwner(world, id) === found.id && !known.has(id));
  if (build === undefined) throw new Error(`expected a build of ${found.id}`);
  return { ...found, build };
}

async function stranger(world: World, host: HostId, role = 'stranger'): Promise<Session> {
  const id = `${host}-${role}-0001`;
  const agent = await world.agent(host, id);
  const start = recordedPayloads().find((one) => one.host === host && one.event === 'SessionStart');
  if (start === undefined) throw new Error(`expected a SessionStart of ${host}`);
  const payload = { ...sentBy(start, id, world.project), source: 'startup' };
  await agent.call({ command: world.hook(host, 'session'), input: lineOf(payload) });
  return { agent, host, id, build: null };
}

function buildIds(world: World): string[] {
  try {
    return readdirSync(world.paths.builds)
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length));
  } catch {
    return [];
  }
}

function idOwner(world: World, id: string): string | null {
  const text = readFileSync(join(world.paths.builds, `${id}.json`), 'utf8');
  return JSON.parse(text).owner?.sessionId ?? null;
}
