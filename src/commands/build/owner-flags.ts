import { allBuilds, newerBuilds } from '../../build/find.ts';
import { rivalOf } from '../../build/start.ts';
import { StopgateError } from '../../errors.ts';
import type { LineageOf } from '../../owner/assess.ts';
import type { Identity } from '../../owner/identity.ts';
import type { OwnerStamp } from '../../owner/stamp.ts';
import type { StatePaths } from '../../state/paths.ts';
import { plain } from '../print.ts';

/** The flags that name an owner. */
export interface OwnerFlags {
  ownerSession?: string | undefined;
  ownerTmux?: string | undefined;
}

/** One line for each flag that was given without a value: it counts as not given. */
export function emptyOwners({ ownerSession, ownerTmux }: OwnerFlags): string[] {
  const flags = { '--owner-session': ownerSession, '--owner-tmux': ownerTmux };
  return Object.entries(flags)
    .filter(([, value]) => value === '')
    .map(([flag]) => `${flag} is empty: it counts as not given`);
}

/**
 * Refuses a second unfinished build for one owner, one that a newer stopgate wrote included.
 * @throws StopgateError `second-build`, `newer-schema`.
 */
export function refuseRival(
  paths: StatePaths,
  owner: OwnerStamp | null,
  me: Identity,
  lineageOf: LineageOf,
): void {
  if (owner === null) return;
  const first = rivalOf(owner, allBuilds(paths), me, lineageOf);
  if (first !== null) {
    const message = `This owner already has an unfinished build: ${first.id} ("${plain(first.task)}", ${first.phase}).`;
    throw new StopgateError('second-build', message, {
      hint: 'Finish it (stopgate build complete), end it (stopgate build fail) or give it up (stopgate build release).',
    });
  }
  const newer = newerBuilds(paths).find(
    ({ sessionId }) => sessionId !== null && sessionId === owner.sessionId,
  );
  if (newer === undefined) return;
  throw new StopgateError(
    'newer-schema',
    `This owner already has a build that a newer stopgate wrote: ${newer.id} (schema ${newer.schema}).`,
    { hint: 'Update stopgate: npm install -g stopgate' },
  );
}
