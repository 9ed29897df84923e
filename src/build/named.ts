import { existsSync, opendirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PATH_LEVELS } from '../hosts/limits.ts';
import { realpathOr } from '../owner/checkout.ts';
import { readProcess } from '../owner/process.ts';
import { paneClaim } from '../owner/tmux.ts';
import { namesIn } from '../state/json-file.ts';
import type { StatePaths } from '../state/paths.ts';
import { isKept, listArmed } from './armed.ts';
import { idsUnder } from './keyed.ts';
import { agentKey, type Key, keyDir, paneKey, placeKey, sessionKey } from './keys.ts';
import type { Build } from './schema.ts';
import { keyBuilds, listBuilds, readBuild } from './store.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Whoever is looked up: a session, and what its environment says of its place. */
export interface Caller {
  sessionId: string;
  env: Env;
}

/** Every key that a session may have at a stop. A place is a claim here; the ladder asks for the proof. */
export function keysOfCaller({ sessionId, env }: Caller): Key[] {
  const claim = paneClaim(env);
  const pid = Number(env.CLAUDE_PID);
  return [
    sessionKey(sessionId),
    'name',
    ...(claim ? [paneKey(claim.serverPid, claim.id)] : []),
    ...(Number.isSafeInteger(pid) && pid > 0 ? [agentKey(pid)] : []),
  ];
}

/** The builds that a caller could own; all that are armed, where not every one is under its keys. */
export function idsNamed(paths: StatePaths, keys: readonly Key[]): string[] {
  return keyBuilds(paths) ? idsUnder(paths, keys) : listArmed(paths);
}

/** The open builds that somebody owns and that are under these keys; every such build, where not each has its keys. */
export function openBuilds(paths: StatePaths, keys: readonly Key[]): Build[] {
  const ids = keyBuilds(paths) ? idsUnder(paths, keys) : listBuilds(paths);
  return ids.flatMap((id) => keptBuild(paths, id) ?? []);
}

/** True while some build was stamped in a tmux session, which another pane of it may inherit. */
export function hasRooms({ armedBy }: StatePaths): boolean {
  return existsSync(join(armedBy, 'room'));
}

/** Builds whose agent process is not there, at most `most`. Which other process has its pid by now, the stamp tells. */
export function buildsOfGone(paths: StatePaths, most: number): Build[] {
  const agents = namesIn(join(paths.armedBy, 'agent')).map(Number);
  const gone = agents.filter((pid) => readProcess(pid) === null).slice(0, most);
  const ids = idsUnder(paths, gone.map(agentKey)).slice(0, most);
  return ids.flatMap((id) => keptBuild(paths, id) ?? []);
}

function keptBuild(paths: StatePaths, id: string): Build | null {
  try {
    const found = readBuild(paths, id);
    return found.kind === 'value' && isKept(found.value) ? found.value : null;
  } catch {
    return null;
  }
}

/** The keys of every directory that `cwd` is in. */
export function keysAround(cwd: string): Key[] {
  const keys: Key[] = [];
  let dir = realpathOr(cwd);
  for (let level = 0; level < PATH_LEVELS; level += 1) {
    keys.push(placeKey(dir));
    if (dir === dirname(dir)) break;
    dir = dirname(dir);
  }
  return keys;
}

/** Some builds under these keys, at most `most`: one is enough to know that a place is taken. */
export function someUnder(paths: StatePaths, keys: readonly Key[], most: number): string[] {
  const ids: string[] = [];
  for (const key of keys) {
    if (ids.length >= most) break;
    ids.push(...firstIn(keyDir(paths.armedBy, key), most - ids.length));
  }
  return ids;
}

/** Some armed build, `[]` when none is: others have work open. */
export function anyArmed(paths: StatePaths): string[] {
  return firstIn(paths.armedStop, 1);
}

/** The first names in a directory that are ids, without a look at the rest of it. */
function firstIn(path: string, most: number): string[] {
  const ids: string[] = [];
  try {
    const dir = opendirSync(path, { bufferSize: 32 });
    try {
      for (let entry = dir.readSync(); entry && ids.length < most; entry = dir.readSync())
        if (/^[a-z0-9-]+$/.test(entry.name)) ids.push(entry.name);
    } finally {
      dir.closeSync();
    }
  } catch {
    // Nothing is there.
  }
  return ids;
}
