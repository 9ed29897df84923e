import { findBuild } from '../../build/find.ts';
import { registerPlace } from '../../build/place.ts';
import type { Build } from '../../build/schema.ts';
import { updateBuild } from '../../build/store.ts';
import { takeOver } from '../../build/take-over.ts';
import { assess } from '../../owner/assess.ts';
import { type Context, contextOfChange, LOCK_MS } from '../context.ts';
import { print } from '../print.ts';

export type Edit = (build: Build, at: string) => Build;

/** Changes the caller's build (or the one named) and prints what became of it. */
export function change(id: string | undefined, edit: Edit, say: (build: Build) => string): void {
  const build = update(contextOfChange(), id, edit);
  print(`build ${build.id}: ${say(build)}`);
}

/** As {@link change}, silently; an owner that was found by inheritance is written back with the same write. */
export function update(ctx: Context, id: string | undefined, edit: Edit): Build {
  const { paths, me, lineageOf, at } = ctx;
  const { build } = findBuild(paths, me, lineageOf, id);
  return updateBuild(paths, build.id, LOCK_MS, (fresh) => {
    const edited = edit(fresh, at);
    const match = assess(fresh, me, lineageOf);
    if (edited === fresh || edited.owner === null || match.answer !== 'owner') return edited;
    return registerPlace(takeOver(edited, me, match, at), me.cwd);
  });
}
