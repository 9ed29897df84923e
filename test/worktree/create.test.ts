import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { createWorktree } from '../../src/worktree/create.ts';
import { scratchDir } from '../build/scratch.ts';
import { scene } from './scene.ts';

/** A `git` before whose first call of one of these words another program makes a worktree at `path`. */
function overtaken(words: string, main: string, branch: string, path: string): void {
  const bin = join(scratchDir(), 'bin');
  mkdirSync(bin);
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const script = `#!/bin/sh
case " $* " in ${words})
  [ -e '${bin}/once' ] || { : >'${bin}/once'; '${real}' -C '${main}' worktree add -q -b '${branch}' '${path}'; } ;;
esac
exec '${real}' "$@"
`;
  writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
}

it.each([
  ['the same branch', '*" update-ref "* | *" worktree add "*', 'a-b'],
  ['a branch with the same place', '*" worktree add "*', 'a/b'],
])('leaves alone what another program made first: %s', (_what, words, theirs) => {
  const s = scene();
  const path = join(`${s.main}.worktrees`, 'a-b');
  overtaken(words, s.main, theirs, path);
  try {
    expect(() => createWorktree(s.main, 'b-000000', 'a-b', '2026-01-01T00:00:00.000Z')).toThrow(
      expect.objectContaining({ code: 'git-failed' }),
    );
  } finally {
    vi.unstubAllEnvs();
  }
  expect(existsSync(join(path, '.git'))).toBe(true);
  const branches = s.git('branch', '--format=%(refname:short)', '--list', 'a*');
  expect(branches.trim()).toBe(theirs);
});
