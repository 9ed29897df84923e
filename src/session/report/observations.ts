import * as z from 'zod/mini';
import { writeAtomic } from '../../state/atomic.ts';
import { peekState, serializeState, type Versioned } from '../../state/json-file.ts';
import { lazy } from '../../state/lazy.ts';
import type { StatePaths } from '../../state/paths.ts';

/** Which tmux sessions and builds were seen to be candidates, and since when without a break. */
const observationsSchema = lazy(() =>
  z.looseObject({
    schema: z.literal(1),
    seen: z.record(z.string(), z.string()),
  }),
);

const AS_OBSERVATIONS: Versioned<z.infer<ReturnType<typeof observationsSchema>>> = {
  version: 1,
  schema: observationsSchema,
};

/** What earlier runs saw, by identity; nothing when it cannot be read. */
export function readObservations(paths: StatePaths): Map<string, string> {
  const found = peekState(paths.observations, AS_OBSERVATIONS);
  return new Map(found.kind === 'value' ? Object.entries(found.value.seen) : []);
}

/** Remembers what is a candidate now. Whatever is none any more is forgotten: it has to be seen twice again. */
export function writeObservations(
  paths: StatePaths,
  keys: readonly string[],
  before: ReadonlyMap<string, string>,
  at: string,
): void {
  if (keys.length === 0 && before.size === 0) return;
  const seen = Object.fromEntries(keys.map((key) => [key, before.get(key) ?? at]));
  writeAtomic(paths.observations, serializeState({ schema: 1, seen }));
}
