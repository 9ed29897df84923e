import { Command } from 'commander';
import { allBuilds } from '../build/find.ts';
import { isTerminal } from '../build/phases.ts';
import type { Build } from '../build/schema.ts';
import { listCorrupt } from '../build/store.ts';
import { currentDir } from '../cwd.ts';
import { holdingIn } from '../gate/holding.ts';
import { lastRecords } from '../gate/log.ts';
import { OTHER_AGENTS } from '../owner/agent-kind.ts';
import { assess } from '../owner/assess.ts';
import type { Match } from '../owner/match.ts';
import { type Abandoned, abandonedBuild } from '../session/abandoned.ts';
import { type Turn, turnOf } from '../session/turn.ts';
import { pendingEnds } from '../shutdown/report.ts';
import { abandonedLines } from './abandoned-text.ts';
import { ownerText } from './build/show.ts';
import { context } from './context.ts';
import { endLines } from './ends-text.ts';
import { unloggedLines, unusual } from './gate/mode.ts';
import { plain, print, printJson } from './print.ts';
import { table } from './table.ts';

const ENDED_SHOWN = 5;

/** `stopgate status`: every open build, the newest ended ones, corrupt state files; `--why` explains verdicts. */
export function statusCommand(): Command {
  return new Command('status')
    .option('--why', 'what the gate would say to this caller, and what it said last')
    .option('--json', 'for programs')
    .action(status);
}

interface Row {
  build: Build;
  match: Match;
  /** Set where its owner is proven gone. */
  abandoned: Abandoned | null;
}

function status(flags: { why?: boolean; json?: boolean }): void {
  const { paths, me, other, lineageOf } = context();
  const rows = allBuilds(paths)
    .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
    .map((build): Row => {
      const match = assess(build, me, lineageOf);
      return {
        build,
        match,
        abandoned: match.answer === 'owner' ? null : abandonedBuild(paths, build),
      };
    });
  const corrupt = listCorrupt(paths);
  const last = lastRecords(paths);
  const gate = holdingIn(currentDir(), paths, process.env);
  const open = rows.filter(({ build }) => !isTerminal(build.phase));
  const ended = rows.filter(({ build }) => isTerminal(build.phase)).slice(0, ENDED_SHOWN);
  const ends = pendingEnds(paths);
  const turn = me.sessionId === null ? null : turnText(turnOf(paths, me.sessionId));
  if (flags.json) {
    const asJson = (row: Row) => ({ ...row, last: last.get(row.build.id) ?? null });
    return printJson({
      state: paths.root,
      caller: me,
      other,
      gate,
      open: open.map(asJson),
      ended: ended.map(asJson),
      corrupt,
      ends,
      turn,
    });
  }
  for (const line of unusual(gate)) print(line, '');
  if (flags.why && gate.unlogged !== null) print(...unloggedLines(gate), '');
  if (rows.length === 0) print(`no builds in ${paths.builds}`);
  else
    print(...table(['build', 'phase', 'budget', 'owner', 'you'], [...open, ...ended].map(cells)));
  for (const line of open.flatMap(leftLines)) print(line);
  if (flags.why && other)
    print(
      '',
      `${OTHER_AGENTS[other]} runs this: it owns no build, and its stops are let go (other-host)`,
    );
  if (flags.why) for (const row of open) print('', ...why(row, last.get(row.build.id)));
  if (flags.why && turn?.stop)
    print('', `without Node: ${turn.stop.at} this session's stop was approved, ${turn.stop.cause}`);
  if (ends.length > 0) print('', ...endLines(ends));
  if (corrupt.length > 0) print('', 'corrupt state files, set aside with their bytes:', ...corrupt);
}

function leftLines({ build, abandoned }: Row): string[] {
  return abandoned === null ? [] : abandonedLines(build.id, abandoned);
}

/** What the launcher answered of the caller's turns; no stop of those is in the log. */
function turnText({ promptedAt, stop }: Turn) {
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    promptedAt: promptedAt === null ? null : time(promptedAt),
    stop: stop && { at: time(stop.at), cause: plain(stop.cause) },
  };
}

function cells({ build, match }: Row): string[] {
  const { spent, limit } = build.budget;
  return [build.id, build.phase, `${spent}/${limit}`, ownerText(build), match.answer];
}

function why({ build, match }: Row, last: object | undefined): string[] {
  const lines = [`${build.id}: to this caller ${match.answer}, by row ${match.row} of the ladder`];
  lines.push(...match.facts.map((fact) => `  ${fact}`));
  lines.push(last ? `  last verdict: ${plain(last, 2000)}` : '  no stop was judged yet');
  return lines;
}
