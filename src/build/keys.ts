import { join } from 'node:path';
import { fingerprint } from '../io/fingerprint.ts';
import type { PaneStamp } from '../owner/stamp.ts';
import { fileName } from '../session/file-name.ts';
import type { Build } from './schema.ts';

/** What a build is found by: a kind of fact, and its value as a file name. */
export type Key = `${'session' | 'pane' | 'agent' | 'room' | 'place'}/${string}` | 'name';

/**
 * Returns every key under which somebody could be a build's owner, or stand in its checkout. A key may name more builds
 * than the ladder would give: a process is named without its start. It never names fewer.
 */
export function keysOf({ owner, checkouts }: Build): Key[] {
  if (owner === null) return [];
  const sessions = [owner.sessionId, ...(owner.former ?? [])].filter((id) => id !== null);
  return [
    ...sessions.map(sessionKey),
    ...(owner.pane ? [paneKey(owner.pane.serverPid, owner.pane.id), ...roomKeys(owner.pane)] : []),
    ...(owner.agent ? [agentKey(owner.agent.pid)] : []),
    ...(owner.tmuxName === null ? [] : ['name' as const]),
    ...checkouts.map(placeKey),
  ];
}

/** The key of a session: the launcher builds the same one of an id that is a file name (templates/launcher.sh). */
export const sessionKey = (sessionId: string): Key => `session/${fileName(sessionId)}`;

/** The key of a pane of a tmux server: `%7` of process 1234 is `1234-7`. The launcher builds it from its environment. */
export const paneKey = (serverPid: number, pane: string): Key =>
  `pane/${serverPid}-${pane.replace('%', '')}`;

export const agentKey = (pid: number): Key => `agent/${pid}`;

/** The keys of a pane's tmux session: by `$id`, and by its name, which a restarted server gives again. */
export const roomKeys = ({ socket, sessionId, sessionName }: PaneStamp): Key[] => [
  `room/${fingerprint(`${socket}\n${sessionId}`)}`,
  `room/${fingerprint(`${socket}\n${sessionName}`)}`,
];

/** The key of a directory that a build registered. */
export const placeKey = (dir: string): Key => `place/${fingerprint(dir)}`;

/** Where the ids of the builds with this key lie, one empty file each. */
export function keyDir(index: string, key: Key): string {
  return join(index, key);
}
