import { join } from 'node:path';
import { runningSessions } from '../session/running.ts';
import { namesIn } from '../state/json-file.ts';
import { isCurrentVersion } from './launcher.ts';
import type { Place } from './site.ts';
import { removeFiles } from './tree.ts';

/**
 * Removes the bundles of versions that `current` no longer leads to, and returns their paths. Nothing is removed while
 * a session is live whose process is not proven gone: it may have started with them.
 */
export function pruneVersions(place: Place): string[] {
  if (runningSessions(place.state).length > 0) return [];
  return namesIn(join(place.data, 'versions'))
    .filter((version) => !isCurrentVersion(place.data, version))
    .flatMap((version) => {
      const below = join('versions', version, '/');
      return removeFiles(place.data, place, (path) => path.startsWith(below)).removed;
    });
}
