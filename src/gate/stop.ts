import { disarmId, listArmed } from '../build/armed.ts';
import { type Candidate, type Decision, decide, ownedBuild, type Stop } from '../build/gate.ts';
import { headOf } from '../build/head.ts';
import type { Build } from '../build/schema.ts';
import { readBuild, updateBuild } from '../build/store.ts';
import { messageOf } from '../errors.ts';
import type { HookEvent } from '../hosts/host.ts';
import { assess, identifyFor } from '../owner/assess.ts';
import { isInCheckout } from '../owner/checkout.ts';
import { livenessOf } from '../owner/process.ts';
import { writeBack } from '../owner/write-back.ts';
import type { ReadState } from '../state/json-file.ts';
import type { StatePaths } from '../state/paths.ts';

/** A hook waits this long for another process's write of the same build, then gives up and approves. */
const LOCK_MS = 300;

/** What was decided, and what was met on the way that a person should hear of. */
export interface Judgement {
  decision: Decision;
  /** A build is the session's own, or open in its checkout: no other gate judges this stop. */
  covered: boolean;
  notes: string[];
}

/**
 * Judges one stop against every armed build, and writes the owner's build before the verdict is spoken; without
 * `write` nothing is written, and the verdict is what it would have been.
 */
export function judgeStop(
  event: HookEvent,
  paths: StatePaths,
  env: Readonly<Record<string, string | undefined>> = process.env,
  write = true,
): Judgement {
  const notes: string[] = [];
  const failures: string[] = [];
  const builds = readArmed(paths, notes, failures);
  const stop: Stop = {
    fromSubagent: event.agentId !== null || event.name !== 'Stop',
    waiting: event.backgroundTasks > 0,
    isAlive: (pid) => livenessOf(pid) === 'alive',
    head: headOf,
    at: new Date().toISOString(),
  };
  const { host, sessionId, cwd } = event;
  const me = identifyFor(builds, { host, sessionId, cwd, env, pid: process.pid });
  const see = (build: Build): Candidate => ({ build, match: assess(build, me) });
  const candidates = builds.map(see);
  const owned = ownedBuild(candidates);
  if (owned === null && failures.length > 0) throw new Error(failures.join('; '));
  const covered = owned !== null || builds.some(({ checkouts }) => isInCheckout(cwd, checkouts));
  if (owned === null || stop.fromSubagent || !write) {
    const judged = owned === null ? candidates : [owned];
    return { decision: decide(judged, stop), covered: covered || stop.fromSubagent, notes };
  }

  let decision = decide([owned], stop);
  updateBuild(paths, owned.build.id, LOCK_MS, (fresh) => {
    const candidate = see(fresh);
    decision = decide([candidate], stop);
    const next = decision.save ?? fresh;
    if (next.owner === null) return next;
    const owner = writeBack(next.owner, me, candidate.match);
    return owner === next.owner ? next : { ...next, owner };
  });
  return { decision, covered, notes };
}

function readArmed(paths: StatePaths, notes: string[], failures: string[]): Build[] {
  return listArmed(paths).flatMap((id) => {
    const found = readQuietly(paths, id);
    switch (found.kind) {
      case 'value':
        return [found.value];
      case 'corrupt':
        if (found.setAside !== null) disarmId(paths, id);
        notes.push(`build ${id} is corrupt: ${found.why}`);
        return [];
      case 'newer':
        notes.push(`build ${id} has schema ${found.schema}, of a newer stopgate`);
        return [];
      case 'unreadable':
        failures.push(`build ${id} cannot be read: ${found.why}`);
        return [];
      case 'missing':
        return [];
      default:
        return found satisfies never;
    }
  });
}

/** One file that cannot be read must not let the owners of the others go. */
function readQuietly(
  paths: StatePaths,
  id: string,
): ReadState<Build> | { kind: 'unreadable'; why: string } {
  try {
    return readBuild(paths, id);
  } catch (error) {
    return { kind: 'unreadable', why: messageOf(error) };
  }
}
