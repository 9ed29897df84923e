import type { Identity } from '../owner/identity.ts';
import type { Match, OwnerRow } from '../owner/match.ts';
import type { OwnerStamp } from '../owner/stamp.ts';
import { writeBack } from '../owner/write-back.ts';
import { changed } from './change.ts';
import type { Build } from './schema.ts';

/**
 * The build as a proven owner leaves it: stamped with where the owner is now, and with a line of history when it came to
 * another session. The same object when nothing of that changed. Pure but for the moment of the stamp.
 */
export function takeOver(build: Build, me: Identity, match: Match, at: string): Build {
  if (build.owner === null || match.answer !== 'owner') return build;
  const owner = writeBack(build.owner, me, match);
  if (owner === build.owner) return build;
  const stamped = { ...build, owner };
  const what = whatHappened(build.owner, owner, match.row);
  if (what === null) return stamped;
  return changed(stamped, { at, what, note: noteOf(build.owner, owner, match) });
}

/** Names how the build came to another session; `null` when the session only moved. */
function whatHappened(before: OwnerStamp, after: OwnerStamp, row: OwnerRow): string | null {
  if (before.sessionId === after.sessionId) return null;
  switch (row) {
    case 2:
      return 'returned';
    case '3a':
      return 'cleared';
    case '3b':
    case 6:
      return 'inherited';
    case 5:
      return 'found';
    default:
      return row satisfies never;
  }
}

function noteOf(before: OwnerStamp, after: OwnerStamp, match: Match): string {
  const from =
    before.sessionId === null ? '' : ` from ${before.host ?? 'session'} ${before.sessionId}`;
  return `by ${after.host} ${after.sessionId}${from}, row ${match.row}: ${match.facts.join('; ')}`;
}
