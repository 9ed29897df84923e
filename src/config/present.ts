import { parseDocument } from './document.ts';
import { ownHandlers } from './ours.ts';
import { takeSnapshot } from './snapshot.ts';
import { resolveTarget } from './target.ts';
import type { Entry } from './types.ts';

/**
 * Those of `entries` that an update may write: what is in the file, and what the version before did not have. An entry
 * that was registered and is gone was taken out by somebody, and only `install` and `doctor --fix` put it back.
 */
export function entriesToUpdate(
  path: string,
  entries: readonly Entry[],
  recorded: readonly { readonly event: string }[],
): readonly Entry[] {
  const document = parseDocument(takeSnapshot(resolveTarget(path))?.text ?? '');
  if (document.kind === 'refuse') return entries;
  const present = new Set(ownHandlers(document.root).map(({ event }) => event));
  const before = new Set(recorded.map(({ event }) => event));
  return entries.filter(
    ({ event }) => present.has(event) || (present.size > 0 && !before.has(event)),
  );
}
