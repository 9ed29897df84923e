import { join } from 'node:path';
import { runningSessions } from '../session/running.ts';
import { namesIn } from '../state/json-file.ts';
import { exclusively } from './exclusively.ts';
import { isCurrentVersion } from './launcher.ts';
import type { Place } from './site.ts';
import { removeFiles } from './tree-removal.ts';

/**
 * Removes the bundles of versions that `current` no longer leads to, and returns their paths. Nothing is removed while
 * a session is live whose process is not proven gone: it may have started with them.
 */
export function pruneVersions(place: Place): string[] {
  if (runningSessions(place.state).length > 0 || olderVersions(place).length === 0) return [];
  return exclusively(place, () =>
    olderVersions(place).flatMap((version) => {
      const below = join('versions', version, '/');
      return removeFiles(place.data, place, (path) => path.startsWith(below)).removed;
    }),
  );
}

function olderVersions({ data }: Place): string[] {
  return namesIn(join(data, 'versions')).filter((version) => !isCurrentVersion(data, version));
}
