import { writeSync } from 'node:fs';
import { updateBuild } from '../../src/build/store.ts';
import { statePaths } from '../../src/state/paths.ts';

/** Writes one build again and again until it is killed: `write-forever <state dir> <build id>`; a dot for each write. */
const [, , root = '', id = ''] = process.argv;
const paths = statePaths(root);
for (;;) {
  updateBuild(paths, id, 10_000, (build) => ({
    ...build,
    budget: { ...build.budget, spent: build.budget.spent + 1 },
  }));
  writeSync(1, '.');
}
