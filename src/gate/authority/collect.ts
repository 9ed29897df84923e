import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { headOf } from '../../build/head.ts';
import { oneLine } from '../../build/line.ts';
import { artifactLogArgs, type PathHistory, parseArtifactLog } from './artifact-log.ts';
import { type Chosen, chooseArtifacts, describeArtifact, LIST_ARTIFACTS } from './artifacts.ts';
import type { Commit, Evidence } from './evidence.ts';
import { type Git, gitIn } from './git.ts';
import { gitDirFacts } from './git-dir.ts';
import { signalsIn } from './signals.ts';
import { parseStatus, STATUS } from './status.ts';

/** A session's commits beyond this many are not listed. */
const COMMITS = 50;
const UNPUSHED = 100;
/** Kept for reading the artifacts, out of the time for the evidence. */
const RESERVED_MS = 100;
const NO_HISTORY: ReadonlyMap<string, PathHistory> = new Map();

export interface Scope {
  checkout: string;
  sessionStart: string | null;
  message: string;
}

/**
 * Collects what an authority may decide from, with at most six calls of git, all of them over at `deadline`.
 * @throws Error when git fails or is late: without evidence nothing is decided.
 */
export async function collectEvidence(
  { checkout, sessionStart, message }: Scope,
  deadline: number,
): Promise<Evidence> {
  const signals = signalsIn(message);
  if (!existsSync(join(checkout, '.git')))
    return { sessionStart, repository: null, commits: [], artifacts: [], signals };
  const from = sessionStart === null ? null : Math.floor(Date.parse(sessionStart) / 1000);
  const git = gitIn(checkout, deadline);
  const facts = gitDirFacts(checkout, from ?? Number.POSITIVE_INFINITY);
  const { operation, shallow, madeHere } = facts;
  const hasCommits = headOf(checkout) !== null;
  const [statusText, { chosen, histories }, commits, unpushed] = await Promise.all([
    git.ask(...STATUS),
    listArtifacts(),
    hasCommits && from !== null ? commitsSince(git, from, madeHere) : [],
    hasCommits ? countUnpushed(git) : 0,
  ]);
  const { head, branch, changed, conflicts, dirtyPaths } = parseStatus(statusText);
  const scene = { checkout, from, commits, dirtyPaths, histories };
  const artifacts = chosen.map((one) => describeArtifact(one, scene));
  const repository = { checkout, head, branch, shallow, operation, changed, conflicts, unpushed };
  return { sessionStart, repository, commits, artifacts, signals };

  async function listArtifacts() {
    const chosen = chooseArtifacts(await git.ask(...LIST_ARTIFACTS), checkout, message);
    const histories = hasCommits
      ? await historyOf(git, chosen, shallow, deadline - RESERVED_MS)
      : NO_HISTORY;
    return { chosen, histories };
  }
}

/** A commit counts when HEAD still reaches it and the log of HEAD says that it was made here. */
async function commitsSince(git: Git, from: number, madeHere: Set<string>): Promise<Commit[]> {
  if (madeHere.size === 0) return [];
  const format = '--format=%H%x00%cI%x00%s';
  const bounds = [`--max-age=${from}`, `--max-count=${COMMITS}`];
  const text = await git.ask('log', '--no-show-signature', ...bounds, format);
  return text.split('\n').flatMap((line) => {
    const [id = '', at = '', subject = ''] = line.split('\0');
    return madeHere.has(id) ? [{ id, at, subject: oneLine(subject, 120) }] : [];
  });
}

/** A walk over a long history is cut where its time is over: what it did not reach stays unknown. */
async function historyOf(
  git: Git,
  chosen: readonly Chosen[],
  shallow: boolean,
  until: number,
): Promise<ReadonlyMap<string, PathHistory>> {
  if (chosen.length === 0) return NO_HISTORY;
  const { text } = await git.askUntil(until, ...artifactLogArgs(chosen.map(({ path }) => path)));
  return parseArtifactLog(text, shallow);
}

async function countUnpushed(git: Git): Promise<number> {
  const count = ['rev-list', '--count', `--max-count=${UNPUSHED}`, 'HEAD', '--not', '--remotes'];
  return Number(await git.ask(...count));
}
