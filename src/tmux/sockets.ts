import { lstatSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../state/json-file.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The folder where tmux keeps the sockets of this user: `$TMUX_TMPDIR/tmux-UID`, `/tmp/tmux-UID`. */
export function socketFolder(env: Env = process.env, uid = process.getuid?.() ?? 0): string {
  return join(env.TMUX_TMPDIR || '/tmp', `tmux-${uid}`);
}

/** The socket that a command inside a pane belongs to, or `null` outside tmux. */
export function socketOf(env: Env): string | null {
  return /^(\/.+),\d+,\d+$/.exec(env.TMUX ?? '')?.[1] ?? null;
}

/** Every socket where a tmux server of this user may answer: the folder's, `$TMUX`, and `known` ones; each one once. */
export function tmuxSockets(known: Iterable<string>, env: Env = process.env): string[] {
  const folder = socketFolder(env);
  const inFolder = foldersNames(folder).map((name) => join(folder, name));
  const own = socketOf(env);
  const all = [...inFolder.filter(isSocket), ...(own ? [own] : []), ...known];
  return [...new Set(all.map(realSocket))].sort();
}

/** One name for one socket, however it was reached. */
export function realSocket(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function foldersNames(folder: string): string[] {
  try {
    return namesIn(folder);
  } catch {
    return [];
  }
}

function isSocket(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
}
