/** Why something was kept or refused. The codes are stable: programs read them. */
const REASONS = [
  'live',
  'attached',
  'self',
  'foreign',
  'retained',
  'registry-missing',
  'runtime-mismatch',
  'newer-than-threshold',
  'grace',
  'liveness-uncertain',
  'tmux-unavailable',
  'tmux-timeout',
  'server-changed',
  'identity-changed',
  'plan-stale',
  'dirty',
  'untracked',
  'ignored-precious',
  'unpushed',
  'unmerged',
  'fresh-no-commits',
  'op-in-progress',
  'locked',
  'in-use-cwd',
  'nested-repo',
  'submodule',
  'main-worktree',
  'detached-unreachable',
  'hidden-edits',
  'disappeared',
] as const;

export type Reason = (typeof REASONS)[number];

/** What a cleanup says of one item. */
export type Outcome =
  | { verdict: 'kept'; reason: Reason | null }
  | { verdict: 'would_delete' }
  | { verdict: 'deleted' }
  | { verdict: 'refused'; reason: Reason };

export interface Summary {
  deleted: number;
  would_delete: number;
  kept: number;
  refused: number;
}

export function summarize(outcomes: readonly Outcome[]): Summary {
  const summary: Summary = { deleted: 0, would_delete: 0, kept: 0, refused: 0 };
  for (const { verdict } of outcomes) summary[verdict] += 1;
  return summary;
}

const LINES = 50;
const ORDER = ['refused', 'deleted', 'would_delete', 'kept'] as const;

/** One line for each item, what needs attention first, at most 50; then the summary. */
export function verdictLines(items: readonly { outcome: Outcome; text: string }[]): string[] {
  const ordered = ORDER.flatMap((verdict) => items.filter((i) => i.outcome.verdict === verdict));
  const shown = ordered.slice(0, ordered.length > LINES ? LINES - 1 : LINES);
  const lines = shown.map(({ outcome, text }) => `${verdictText(outcome)}  ${text}`);
  const rest = ordered.length - shown.length;
  if (rest > 0) lines.push(`… and ${rest} more; all of them with --json`);
  const counts = Object.entries(summarize(items.map(({ outcome }) => outcome)));
  return [...lines, `summary: ${counts.map(([word, n]) => `${word}=${n}`).join(' ')}`];
}

function verdictText(outcome: Outcome): string {
  const reason = 'reason' in outcome && outcome.reason ? `(${outcome.reason})` : '';
  return `${outcome.verdict}${reason}`;
}
