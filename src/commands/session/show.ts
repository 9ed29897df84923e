import { lineOf, nameOf } from '../../session/report/describe.ts';
import { evidenceOf } from '../../session/report/evidence.ts';
import type { Done } from '../../session/report/prune.ts';
import type { World } from '../../session/report/world.ts';
import { showOutcomes } from '../outcomes.ts';

/** Prints what was found and done, in lines or as JSON. @throws StopgateError `refused` when anything was. */
export function show(
  done: readonly Done[],
  world: World,
  { json, olderThanMs }: { json: boolean; olderThanMs: number | null },
): void {
  showOutcomes(done, json, {
    text: ({ item }) => lineOf(item),
    json: ({ item }) => ({
      kind: item.kind,
      name: nameOf(item),
      ...item.judgement,
      evidence: evidenceOf(item, world),
    }),
    about: { at: world.at, olderThanMs },
    hint: 'See the lines above that begin with refused.',
  });
}
