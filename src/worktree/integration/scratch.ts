import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fact, tell } from '../fact.ts';

/** The environment in which git may make objects without writing a byte into the repository. */
export type ScratchEnv = Readonly<Record<string, string>>;

/** Runs `work` with a scratch folder for new objects; the repository's own are read beside it. Gone afterwards. */
export function withScratchObjects<T>(cwd: string, work: (env: ScratchEnv) => Fact<T>): Fact<T> {
  const objects = tell(cwd, ['rev-parse', '--path-format=absolute', '--git-path', 'objects']);
  if (!objects.known) return objects;
  const scratch = mkdtempSync(join(tmpdir(), 'stopgate-objects-'));
  try {
    return work({
      GIT_OBJECT_DIRECTORY: scratch,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(objects.value),
      ...NOBODY,
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Commits that are only compared need an author, and always the same one. */
const NOBODY = Object.fromEntries(
  ['AUTHOR', 'COMMITTER'].flatMap((role) => [
    [`GIT_${role}_NAME`, 'stopgate'],
    [`GIT_${role}_EMAIL`, 'stopgate'],
    [`GIT_${role}_DATE`, '@0 +0000'],
  ]),
);

/** git reads a list separated by colons, in which a quoted item may hold any character. */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}
