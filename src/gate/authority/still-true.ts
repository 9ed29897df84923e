import { headOf } from '../../build/head.ts';
import { startOf } from './artifact-files.ts';
import type { Evidence } from './evidence.ts';
import type { Git } from './git.ts';
import { countItems } from './items.ts';

/**
 * Asks git again whether what an answer points at is as the evidence said; `null` when it is. Between the two other
 * processes worked on, and the authority took its time.
 */
export async function stillTrue(
  { repository, artifacts }: Evidence,
  paths: readonly string[],
  commits: readonly string[],
  git: Git,
): Promise<string | null> {
  if (repository === null) return 'there is no working tree';
  const pointed = artifacts.filter(({ path }) => paths.includes(path));
  const changed = pointed.some((artifact) => {
    const { open, done } = countItems(startOf(repository.checkout, artifact.path));
    return open !== artifact.open || done !== artifact.done;
  });
  if (changed) return 'an artifact was changed meanwhile';
  const isSameHead = headOf(repository.checkout) === repository.head;
  const [lost, listed] = await Promise.all([
    isSameHead ? false : unreached(git, commits),
    present(git, paths),
  ]);
  if (lost) return 'HEAD does not reach a commit any more';
  return listed ? null : 'an artifact is not in the working tree any more';
}

async function unreached(git: Git, commits: readonly string[]): Promise<boolean> {
  if (commits.length === 0) return false;
  const text = await git.ask('rev-list', '--max-count=1', ...commits, '--not', 'HEAD', '--');
  return text.trim() !== '';
}

async function present(git: Git, paths: readonly string[]): Promise<boolean> {
  if (paths.length === 0) return true;
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--'];
  const text = await git.ask(...list, ...paths.map((path) => `:(top,literal)${path}`));
  const found = new Set(text.split('\0'));
  return paths.every((path) => found.has(path));
}
