import { currentDir } from '../../cwd.ts';
import { StopgateError } from '../../errors.ts';
import { type CleanupRequest, cleanUp, type WorktreeReport } from '../../worktree/cleanup.ts';
import { taskWords } from '../../worktree/manual.ts';
import { isRefused, renderReports, reportsAsJson } from '../../worktree/render.ts';
import { type Standing, standing } from '../../worktree/where.ts';
import { context } from '../context.ts';
import { print, printJson } from '../print.ts';
import { isTerminal, question } from '../question.ts';
import { leaveWorktree, ownTask } from './leave.ts';

export interface CleanupFlags {
  force?: true;
  dryRun?: true;
  branch?: true;
  ask?: true;
  json?: true;
}

/** `worktree cleanup`: reports, unless `--force` lets it act; from inside the worktree it offers a pane elsewhere. */
export async function cleanupWorktree(
  task: string | undefined,
  flags: CleanupFlags,
): Promise<void> {
  const cwd = currentDir();
  const where = whereIs(cwd);
  const { paths } = context();
  const own = where.linked ? ownTask(task ?? null, where, paths) : null;
  if (own !== null && !flags.dryRun && !flags.json) return leaveWorktree(own, where.main);
  const mayAsk = isTerminal() && !flags.json;
  if (flags.ask && flags.force && !flags.dryRun && !mayAsk) throw nobodyToAsk(task);
  const request: CleanupRequest = {
    task: task ?? (own === null ? null : where.top),
    cwd,
    force: flags.force === true && !flags.dryRun,
    branch: flags.branch === true,
  };
  const run = (changes: Partial<CleanupRequest>) => cleanUp({ ...request, ...changes }, paths);
  const reports = flags.ask && !flags.dryRun && mayAsk ? await asking(run) : run({});
  if (flags.json) printJson({ repository: where.main, ...reportsAsJson(reports, request.force) });
  else print(...show(reports, request));
  if (isRefused(reports)) throw new StopgateError('refused', 'Not all of it may go; see above.');
}

/** Who wants to be asked wants nothing removed unasked, whatever else was said. */
function nobodyToAsk(task: string | undefined): StopgateError {
  const named = task === undefined ? '' : ` ${taskWords(task)}`;
  return new StopgateError(
    'no-terminal',
    'Nothing was removed: --ask needs a person in a terminal to ask.',
    {
      hint: `Run it in a terminal, without --json; or, to remove it unasked: stopgate worktree cleanup --force${named}`,
    },
  );
}

function whereIs(cwd: string): Standing {
  const where = standing(cwd);
  if (where.known) return where.value;
  throw new StopgateError('no-repository', `${cwd} is in no git repository.`, { hint: where.why });
}

function show(reports: WorktreeReport[], { task, force }: CleanupRequest): string[] {
  if (reports.length === 0) return ['there is no linked worktree here'];
  const lines = renderReports(reports, task !== null);
  const may = reports.some(({ outcome }) => outcome.verdict === 'would_delete');
  return may && !force ? [...lines, 'Nothing was removed. To remove it: --force'] : lines;
}

/** Shows what was found until it may go or a person has seen enough; returns what became of it. */
async function asking(
  run: (changes: Partial<CleanupRequest>) => WorktreeReport[],
): Promise<WorktreeReport[]> {
  for (;;) {
    const reports = run({ force: false, branch: true });
    print(...renderReports(reports, true));
    const [first] = reports;
    if (first && reports.length === 1 && first.outcome.verdict === 'would_delete') {
      if (!(await question('Remove this worktree?', false))) return reports;
      const branch = first.branchOutcome?.outcome.verdict === 'would_delete';
      return run({ force: true, branch: branch && (await question('Its branch too?', false)) });
    }
    if (!(await question('Look again?', true))) return reports;
  }
}
