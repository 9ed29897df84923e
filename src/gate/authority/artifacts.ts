import { startOf, writtenAt } from './artifact-files.ts';
import { ARTIFACT_ENDINGS, artifactKind } from './artifact-kind.ts';
import type { PathHistory } from './artifact-log.ts';
import type { Artifact, Commit } from './evidence.ts';
import { countItems } from './items.ts';
import { isNamed } from './named.ts';

/** So many files are looked at, and so many become evidence: those the message names, then the newest. */
const LOOK_AT = 500;
const KEEP = 12;

/** An artifact before its history is known. */
export interface Chosen {
  path: string;
  kind: Artifact['kind'];
  /** Written last, in milliseconds. */
  at: number;
  named: boolean;
}

/** What artifacts are seen against. */
export interface Scene {
  checkout: string;
  /** In seconds; `null` when the session's start is not known. */
  from: number | null;
  commits: readonly Commit[];
  dirtyPaths: ReadonlySet<string>;
  histories: ReadonlyMap<string, PathHistory>;
}

export const LIST_ARTIFACTS = [
  'ls-files',
  '-z',
  '--cached',
  '--others',
  '--exclude-standard',
  '--',
  ...ARTIFACT_ENDINGS.map((ending) => `:(icase)*${ending}`),
  ':(icase)*todo',
];

/** Picks the artifacts out of git's list of files. */
export function chooseArtifacts(listed: string, checkout: string, message: string): Chosen[] {
  const names = [...new Set(listed.split('\0'))].filter((path) => path !== '');
  const artifacts = names.flatMap((path) => {
    const kind = artifactKind(path);
    return kind === null ? [] : [{ path, kind, named: isNamed(path, message) }];
  });
  return artifacts
    .sort((a, b) => Number(b.named) - Number(a.named))
    .slice(0, LOOK_AT)
    .flatMap((artifact) => {
      const at = writtenAt(checkout, artifact.path);
      return at === null ? [] : [{ ...artifact, at }];
    })
    .sort((a, b) => Number(b.named) - Number(a.named) || b.at - a.at)
    .slice(0, KEEP);
}

/** What is known of one chosen artifact. */
export function describeArtifact({ path, kind, at, named }: Chosen, scene: Scene): Artifact {
  const { introduced, latest } = scene.histories.get(path) ?? { introduced: null, latest: null };
  const dirty = isDirty(path, scene.dirtyPaths);
  const inSession = sessionPart({ introduced, latest, dirty, at }, scene);
  const items = countItems(startOf(scene.checkout, path));
  return { path, kind, dirty, introduced, latest, inSession, ...items, named };
}

/** Git names an untracked folder and not what is in it. */
function isDirty(path: string, dirtyPaths: ReadonlySet<string>): boolean {
  if (dirtyPaths.has(path)) return true;
  const parts = path.split('/').slice(0, -1);
  return parts.some((_part, at) => dirtyPaths.has(`${parts.slice(0, at + 1).join('/')}/`));
}

function sessionPart(
  file: { introduced: string | null; latest: string | null; dirty: boolean; at: number },
  { from, commits }: Scene,
): Artifact['inSession'] {
  if (from === null) return 'unknown';
  const isOurs = (commit: string | null) => commits.some(({ id }) => id === commit);
  const isFresh = file.dirty && file.at >= from * 1000;
  if (isOurs(file.introduced) || (file.latest === null && isFresh)) return 'created';
  return isOurs(file.latest) || isFresh ? 'modified' : 'no';
}
