import { join } from 'node:path';
import { isTerminal } from '../../build/phases.ts';
import type { Build } from '../../build/schema.ts';
import { AS_BUILD } from '../../build/store.ts';
import { messageOf } from '../../errors.ts';
import { machineId } from '../../owner/machine.ts';
import { type AgentProcess, type Liveness, livenessOf } from '../../owner/process.ts';
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
      .filter(({ status, cwd }) => status === 'live' && isWithin(top, cwd))
      .map(({ sessionId, agent, machine }) => ({
        what: `session ${sessionId}`,
        holder: holderOf(agent, machine),
      }));
    const builds = records(paths.builds, AS_BUILD)
      .filter(({ phase }) => !isTerminal(phase))
      .filter(({ checkouts }) => checkouts.some((checkout) => isWithin(top, checkout)))
      .map(({ id, owner }) => ({
        what: `unfinished build ${id}`,
        holder: owner === null ? ('dead' as const) : holderOf(owner.agent, owner.machine),
      }));
    return known([...sessions, ...builds]);
  } catch (error) {
    return unknown(messageOf(error));
  }
}

/** The builds whose state can be read, for the names they give to worktrees. Reads only. */
export function buildsOn(paths: StatePaths): Build[] {
  return jsonNames(paths.builds).flatMap((id) => {
    const found = peekState(paths.build(id), AS_BUILD);
    return found.kind === 'value' ? [found.value] : [];
  });
}

/** Processes of another machine cannot be looked at. */
function holderOf(agent: AgentProcess | null, machine: string): Liveness {
  return machine === machineId() ? livenessOf(agent) : 'unknown';
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
