import { oneLine } from '../build/line.ts';
import { summarize, verdictLines } from '../cleanup/words.ts';
import type { WorktreeReport } from './cleanup.ts';
import { short } from './steps/finding.ts';

const MOST_BYTES = 400;

/** What a person reads: for worktrees that were named the evidence, for all of them the verdict. */
export function renderReports(reports: readonly WorktreeReport[], evidence: boolean): string[] {
  const lines = evidence ? reports.flatMap(evidenceOf) : [];
  return [...lines, ...verdictLines(reports.flatMap(itemsOf))];
}

/** What a program reads (docs/worktrees.md). */
export function reportsAsJson(reports: readonly WorktreeReport[], wrote: boolean): object {
  return {
    dryRun: !wrote,
    worktrees: reports.map(({ outcome, branchOutcome, ...rest }) => ({
      ...rest,
      verdict: outcome.verdict,
      reason: 'reason' in outcome ? outcome.reason : null,
      branchOutcome:
        branchOutcome === null
          ? null
          : {
              verdict: branchOutcome.outcome.verdict,
              reason: 'reason' in branchOutcome.outcome ? branchOutcome.outcome.reason : null,
              why: branchOutcome.why,
            },
    })),
    summary: summarize(reports.flatMap(itemsOf).map(({ outcome }) => outcome)),
  };
}

/** True when something that was to go may not, or did not. */
export function isRefused(reports: readonly WorktreeReport[]): boolean {
  return reports.flatMap(itemsOf).some(({ outcome }) => outcome.verdict === 'refused');
}

function evidenceOf({ path, branch, builds, evidence }: WorktreeReport): string[] {
  const names = new Set([branch === null ? 'detached' : short(branch), ...builds]);
  return [
    oneLine(`${path} (${[...names].join(', ')})`, MOST_BYTES),
    ...evidence.map(
      ({ step, reason, what }) =>
        `  ${String(step).padStart(2)} ${reason === null ? 'ok' : 'NO'}  ${oneLine(what, MOST_BYTES)}`,
    ),
    '',
  ];
}

function itemsOf({ path, outcome, why, branchOutcome }: WorktreeReport) {
  const about = why === path ? path : `${path}: ${why}`;
  return [
    { outcome, text: oneLine(about, MOST_BYTES) },
    ...(branchOutcome === null
      ? []
      : [{ outcome: branchOutcome.outcome, text: oneLine(branchOutcome.why, MOST_BYTES) }]),
  ];
}
