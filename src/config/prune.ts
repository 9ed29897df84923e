import { join } from 'node:path';
import { livenessOf } from '../owner/process.ts';
import type { SessionRecord } from '../session/schema.ts';
import { listSessions } from '../session/store.ts';
import { namesIn } from '../state/json-file.ts';
import { isCurrentVersion } from './launcher.ts';
import type { Place } from './site.ts';
import { removeFiles } from './tree.ts';

/**
 * Removes the bundles of versions that `current` no longer leads to, and returns their paths. Nothing is removed while
 * a session is live whose process is not proven gone: it may have started with them.
 */
export function pruneVersions(place: Place): string[] {
  if (listSessions(place.state).some(mayRun)) return [];
  return namesIn(join(place.data, 'versions'))
    .filter((version) => !isCurrentVersion(place.data, version))
    .flatMap((version) => removeFiles(place.data, place, join('versions', version, '/')).removed);
}

function mayRun({ status, agent }: SessionRecord): boolean {
  return status === 'live' && livenessOf(agent) !== 'dead';
}
