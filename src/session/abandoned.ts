import { isTerminal } from '../build/phases.ts';
import type { Build } from '../build/schema.ts';
import type { StatePaths } from '../state/paths.ts';
import { type OwnerEnd, ownerEnd } from './owner-end.ts';

/** An open build whose owner is proven gone. */
export interface Abandoned {
  /** The last sign of life that anybody wrote down: ISO 8601. */
  since: string;
  why: string;
}

/** Tells whether a build was left behind: `null` where its owner lives, may live, or may still be found by a tmux session. */
export function abandonedBuild(paths: StatePaths, build: Build): Abandoned | null {
  const { phase, owner } = build;
  if (isTerminal(phase) || owner === null || owner.tmuxName !== null) return null;
  const end = ownerEnd(paths, owner);
  return end.kind === 'gone' ? { since: lastSign(build, end), why: end.why } : null;
}

/** The last sign of life of a build: of its owner, or the last change. */
export function lastSign({ updatedAt }: Build, end: OwnerEnd): string {
  const since = end.kind === 'gone' ? (end.since ?? '') : '';
  return since > updatedAt ? since : updatedAt;
}
