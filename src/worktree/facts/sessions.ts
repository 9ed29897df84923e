import { basename, join } from 'node:path';
import { isTerminal } from '../../build/phases.ts';
import type { Build } from '../../build/schema.ts';
import { AS_BUILD } from '../../build/store.ts';
import { messageOf } from '../../errors.ts';
import { livenessOn } from '../../owner/liveness.ts';
import { type AgentProcess, isVisible, type Liveness } from '../../owner/process.ts';
import type { SessionRecord } from '../../session/schema.ts';
import { AS_SESSION } from '../../session/store.ts';
import { jsonNames, peekState, type Versioned } from '../../state/json-file.ts';
import type { StatePaths } from '../../state/paths.ts';
import { type Fact, known, unknown } from '../fact.ts';
import { isWithin } from './users.ts';

/** A session or a build that counts a worktree as its place. */
export interface Claim {
  what: string;
  /** Whether somebody is there who goes on working. */
  holder: Liveness;
}

/** Who is recorded as working at or below `top`. Reads only: not even a corrupt record is set aside. */
export function claimsOn(top: string, paths: StatePaths): Fact<Claim[]> {
  try {
    const sessions = records(paths.sessions, AS_SESSION)
      .filter((session) => session.status === 'live' && isPlace(top, session))
      .map((session) => ({ what: `session ${session.sessionId}`, holder: sessionHolder(session) }));
    const builds = records(paths.builds, AS_BUILD)
      .filter(({ phase }) => !isTerminal(phase))
      .filter(({ checkouts, owner }) => checkouts.some((one) => isAt(top, one, owner?.agent)))
      .map(({ id, owner }) => ({
        what: `unfinished build ${id}`,
        holder: owner === null ? ('dead' as const) : livenessOn(owner.machine, owner.agent),
      }));
    return known([...sessions, ...builds]);
  } catch (error) {
    return unknown(messageOf(error));
  }
}

function isPlace(top: string, { agent, daemon, cwd, worktree }: SessionRecord): boolean {
  return worktree === top || isAt(top, cwd, agent ?? daemon);
}

/** Another container may show the same worktree under another path: there its name alone counts. */
function isAt(top: string, path: string, whose: AgentProcess | null | undefined): boolean {
  if (isWithin(top, path)) return true;
  return whose != null && !isVisible(whose) && path.split('/').includes(basename(top));
}

/** The builds whose state can be read, for the names they give to worktrees. Reads only. */
export function buildsOn(paths: StatePaths): Build[] {
  return jsonNames(paths.builds).flatMap((id) => {
    const found = peekState(paths.build(id), AS_BUILD);
    return found.kind === 'value' ? [found.value] : [];
  });
}

/** A session in Codex's shared daemon is gone with it; while the daemon lives, nothing is known of the session. */
function sessionHolder({ agent, daemon, machine }: SessionRecord): Liveness {
  if (agent !== null || !daemon) return livenessOn(machine, agent);
  return livenessOn(machine, daemon) === 'dead' ? 'dead' : 'unknown';
}

/** Every record of a directory. @throws Error for one that cannot be read: it may be the one that matters. */
function records<T>(dir: string, as: Versioned<T>): T[] {
  return jsonNames(dir).flatMap((name) => {
    const path = join(dir, `${name}.json`);
    const found = peekState(path, as);
    if (found.kind === 'value') return [found.value];
    if (found.kind === 'missing') return [];
    throw new Error(
      `the record ${path} cannot be read: ${found.kind === 'newer' ? 'it is of a newer stopgate' : found.why}`,
    );
  });
}
