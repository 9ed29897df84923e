import { findBuild } from '../../build/find.ts';
import type { Build } from '../../build/schema.ts';
import { updateBuild } from '../../build/store.ts';
import { assess } from '../../owner/assess.ts';
import { writeBack } from '../../owner/write-back.ts';
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
  const { build } = findBuild(ctx.paths, ctx.me, id);
  return updateBuild(ctx.paths, build.id, LOCK_MS, (fresh) => {
    const edited = edit(fresh, ctx.at);
    if (edited.owner === null) return edited;
    const owner = writeBack(edited.owner, ctx.me, assess(fresh, ctx.me));
    return { ...edited, owner };
  });
}
