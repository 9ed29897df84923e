import { createHash } from 'node:crypto';
import {
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { type CleanupRequest, cleanUp, type WorktreeReport } from '../../src/worktree/cleanup.ts';
import { createWorktree } from '../../src/worktree/create.ts';
import { git as run, scratchDir } from '../build/scratch.ts';

/** A repository with one commit, and a worktree of ours beside it on branch `task`. */
export interface Scene {
  root: string;
  main: string;
  tree: string;
  paths: StatePaths;
  /** In the main working tree. */
  git(...args: string[]): string;
  /** In the worktree. */
  there(...args: string[]): string;
  write(path: string, text: string): void;
  /** Commits a file in the worktree and returns the commit. */
  commit(path: string, text: string): string;
  /** Commits a file in the main working tree. */
  commitMain(path: string, text: string): string;
  clean(request?: Partial<CleanupRequest>): WorktreeReport;
}

export function scene(): Scene {
  const root = scratchDir();
  const main = join(root, 'repo');
  run(root, 'init', '--quiet', '-b', 'main', 'repo');
  writeFileSync(join(main, 'base.txt'), lines(1, 20));
  writeFileSync(join(main, '.gitignore'), 'node_modules/\ndist/\n*.env\n*.log\n');
  run(main, 'add', '.');
  run(main, 'commit', '--quiet', '-m', 'base');
  const tree = createWorktree(main, 'task-a1b2c3', 'task', '2026-01-01T00:00:00.000Z').path;
  const paths = statePaths(join(root, 'state'));
  return at({ root, main, tree, paths });
}

export function at({
  root,
  main,
  tree,
  paths,
}: Pick<Scene, 'root' | 'main' | 'tree' | 'paths'>): Scene {
  const commitIn = (dir: string) => (path: string, text: string) => {
    writeFileSync(join(dir, path), text);
    run(dir, 'add', '--', path);
    run(dir, 'commit', '--quiet', '-m', `change ${path}`);
    return run(dir, 'rev-parse', 'HEAD');
  };
  return {
    root,
    main,
    tree,
    paths,
    git: (...args) => run(main, ...args),
    there: (...args) => run(tree, ...args),
    write: (path, text) => writeFileSync(join(tree, path), text),
    commit: commitIn(tree),
    commitMain: commitIn(main),
    clean: (request = {}) => {
      const all = { task: 'task', cwd: main, force: false, branch: false, ...request };
      const [report] = cleanUp(all, paths);
      if (!report) throw new Error('expected a report');
      return report;
    },
  };
}

/** Numbered lines, so that changes have room around them. */
export function lines(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, n) => `line ${from + n}\n`).join('');
}

/** A digest of every name, mode, link, time of change and byte below `dir`. */
export function digest(dir: string): string {
  const hash = createHash('sha256');
  const visit = (path: string): void => {
    const stat = lstatSync(path, { bigint: true });
    hash.update(`${path}\0${stat.mode}\0${stat.ino}\0${stat.mtimeNs}\0`);
    if (stat.isSymbolicLink()) hash.update(readlinkSync(path));
    else if (stat.isDirectory())
      for (const name of readdirSync(path).sort()) visit(join(path, name));
    else if (stat.isFile()) hash.update(readFileSync(path));
  };
  visit(realpathSync(dir));
  return hash.digest('hex');
}
