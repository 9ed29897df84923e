import * as z from 'zod/mini';
import { StopgateError } from '../errors.ts';
import { assess, type LineageOf } from '../owner/assess.ts';
import type { Identity } from '../owner/identity.ts';
import { peekState } from '../state/json-file.ts';
import type { StatePaths } from '../state/paths.ts';
import { type Candidate, ownedBuild } from './gate.ts';
import { isTerminal } from './phases.ts';
import { BUILD_SCHEMA, type Build } from './schema.ts';
import { listBuilds, readBuild } from './store.ts';

/** Every build whose state file can be read; one that cannot be must not hide the others. */
export function allBuilds(paths: StatePaths): Build[] {
  return listBuilds(paths).flatMap((id) => {
    try {
      const found = readBuild(paths, id);
      return found.kind === 'value' ? [found.value] : [];
    } catch {
      return [];
    }
  });
}

/** What can be told of a build that a newer stopgate wrote. */
export interface NewerBuild {
  id: string;
  schema: number;
  /** The session that its stamp names, where it stands as it does in this version. */
  sessionId: string | null;
}

/** The builds that a newer stopgate wrote, which this version leaves alone. */
export function newerBuilds(paths: StatePaths): NewerBuild[] {
  return listBuilds(paths).flatMap((id) => {
    try {
      const found = peekState(paths.build(id), AS_ANY_BUILD);
      if (found.kind !== 'value' || found.value.schema <= BUILD_SCHEMA) return [];
      const { schema, owner } = found.value;
      return [{ id, schema, sessionId: owner?.sessionId ?? null }];
    } catch {
      return [];
    }
  });
}

/** What every schema so far has in the same place. */
const AS_ANY_BUILD = {
  version: Number.MAX_SAFE_INTEGER,
  schema: () =>
    z.looseObject({
      schema: z.number(),
      owner: z.optional(
        z.nullable(z.looseObject({ sessionId: z.optional(z.nullable(z.string())) })),
      ),
    }),
};

/**
 * The build that a command is about: the one named, else the caller's own, found by the ownership ladder.
 * An agent never gets another's build by naming it.
 * @throws StopgateError `foreign`, `no-build`.
 */
export function findBuild(
  paths: StatePaths,
  me: Identity,
  lineageOf: LineageOf,
  id: string | undefined,
): Candidate {
  const candidates = allBuilds(paths).map((build) => ({
    build,
    match: assess(build, me, lineageOf),
  }));
  const found = id === undefined ? ownedBuild(newestFirst(candidates)) : named(candidates, id, me);
  if (found) return found;
  throw noBuild(paths, candidates, id);
}

function named(candidates: Candidate[], id: string, me: Identity): Candidate | undefined {
  const found = candidates.find(({ build }) => build.id === id);
  const isAgent = me.host !== null || me.sessionId !== null;
  if (found && isAgent && found.match.answer !== 'owner') throw notYours(found);
  return found;
}

function newestFirst(candidates: Candidate[]): Candidate[] {
  return candidates.sort((a, b) => b.build.updatedAt.localeCompare(a.build.updatedAt));
}

function noBuild(paths: StatePaths, all: Candidate[], id: string | undefined): StopgateError {
  const open = all.filter(({ build }) => !isTerminal(build.phase)).map(({ build }) => build.id);
  const list = open.length > 0 ? `Open builds: ${open.join(', ')}` : 'No build is open';
  const message =
    id === undefined
      ? 'This session owns no build.'
      : `There is no build ${id} in ${paths.builds}.`;
  return new StopgateError('no-build', message, {
    hint: `${list}. Start one with: stopgate build start "<task>"; from a plain terminal name one with: --build <id>`,
  });
}

function notYours({ build, match }: Candidate): StopgateError {
  const facts = match.facts.join('; ');
  return new StopgateError('foreign', `Build ${build.id} is not this session's: ${facts}.`, {
    hint: 'Its owner can change it, or a person in a plain terminal.',
  });
}
