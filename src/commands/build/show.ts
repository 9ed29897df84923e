import { findBuild } from '../../build/find.ts';
import type { Build } from '../../build/schema.ts';
import { mayBeAlive } from '../../owner/process.ts';
import { context } from '../context.ts';
import { plain, print, printJson } from '../print.ts';
import { table } from '../table.ts';

interface Flags {
  build?: string;
  json?: boolean;
}

/** `build status`: one build, as it stands. */
export function showBuild(flags: Flags): void {
  const build = chosen(flags);
  if (flags.json) return printJson(build);
  print(
    `build    ${build.id}`,
    `task     ${plain(build.task, 1000)}`,
    `phase    ${build.phase}${build.pauseReason ? `: ${plain(build.pauseReason, 1000)}` : ''}`,
    `owner    ${ownerText(build)}`,
    `budget   ${build.budget.spent} of ${build.budget.limit} reminders, ${build.budget.streak} without progress`,
    `steps    ${build.steps.length}`,
    ...waitLines(build),
    `checks   ${plain(build.checks.join('; '), 1000) || 'none'}`,
    ...(build.failedCheck
      ? [`failing  ${plain(build.failedCheck.command)} (${plain(build.failedCheck.outcome)})`]
      : []),
    `where    ${build.checkouts.join(', ')}`,
  );
}

function waitLines({ waits = [] }: Build): string[] {
  return waits.map(({ until, what, ...stamp }) => {
    const end = until === undefined ? '' : `, until ${until} at most`;
    return `waits    ${plain(what)} (process ${stamp.pid}${mayBeAlive(stamp) ? end : ', ended'})`;
  });
}

/** `build history`: every change, oldest first. */
export function showHistory(flags: Flags): void {
  const { history } = chosen(flags);
  if (flags.json) return printJson(history);
  const rows = history.map(({ at, what, from, to, note }) => [
    at,
    what,
    from && to ? `${from} → ${to}` : (to ?? ''),
    plain(note),
  ]);
  print(...table(['when', 'what', 'phase', 'note'], rows));
}

/** `build report`: what a build came to, in a few numbers. */
export function showReport(flags: Flags): void {
  const build = chosen(flags);
  const last = build.steps.findLast(({ tests }) => tests !== undefined);
  const report = {
    id: build.id,
    task: build.task,
    phase: build.phase,
    startedAt: build.createdAt,
    updatedAt: build.updatedAt,
    seconds: Math.round((Date.parse(build.updatedAt) - Date.parse(build.createdAt)) / 1000),
    steps: build.steps.length,
    fixRounds: build.fixRounds,
    remindersSpent: build.budget.spent,
    remindersLimit: build.budget.limit,
    commits: build.history.filter(({ what }) => what === 'commit').length,
    tests: last ? { total: last.tests ?? 0, passing: last.passing ?? 0 } : null,
  };
  if (flags.json) return printJson(report);
  const { tests, ...rest } = report;
  const rows = Object.entries(rest).map(([key, value]) => [key, plain(String(value))]);
  const [, ...lines] = table(
    ['', ''],
    [...rows, ['tests', tests ? `${tests.passing} of ${tests.total} pass` : 'none told']],
  );
  print(...lines);
}

export function ownerText({ owner }: Build): string {
  if (owner === null) return 'nobody';
  if (owner.sessionId) return `${owner.host ?? 'session'} ${owner.sessionId}`;
  return `the first agent to stop in tmux session ${owner.tmuxName}`;
}

function chosen(flags: Flags): Build {
  const { paths, me, lineageOf } = context();
  return findBuild(paths, me, lineageOf, flags.build).build;
}
