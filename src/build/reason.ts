import { oneLine } from './line.ts';
import { nextPhases, type Phase } from './phases.ts';
import type { Build } from './schema.ts';

/**
 * The reason stays under 2 KB (docs/builds.md), and the commands at its end are never what is cut: every part
 * that somebody else wrote has its own bound, in bytes.
 */
const BYTES = { task: 240, step: 160, check: 160, outcome: 40, tail: 90, where: 240 } as const;
const TAIL_LINES = 6;

const COMPLETE = 'stopgate build complete';

/** The one next move from each phase that can block. */
const NEXT: Partial<Record<Phase, readonly [string, string]>> = {
  idle: ['say what is unclear, plan, or begin', 'stopgate build phase executing'],
  clarify: ['settle what is unclear, then plan', 'stopgate build phase planning'],
  planning: ['finish the plan, then carry it out', 'stopgate build phase executing'],
  executing: [
    'do the next piece of the task; when all is done, verify',
    'stopgate build phase verifying',
  ],
  verifying: ['verify the work against the task; when it holds, finish', COMPLETE],
  fixing: ['fix what verifying found, then verify again', 'stopgate build phase verifying'],
  hardening: ['harden the work, then finish', COMPLETE],
};

/**
 * The text that the model receives with a block: what is unfinished, the one next move, the exact commands. `place` is the
 * working tree that the session stopped in, `null` when that is not known.
 */
export function blockReason(build: Build, inherited: boolean, place: string | null): string {
  const [next, command] = nextMove(build);
  const lines = [
    `stopgate: build ${build.id} is not finished, and this session owns it.`,
    `Task: ${oneLine(build.task, BYTES.task)}`,
    `Phase: ${build.phase}. ${stepsText(build)}`,
    ...failedText(build),
    ...whereText(build, place),
    `Next: ${next}.`,
    'Commands:',
    `  ${command}    (the next move)`,
    '  stopgate build step "<what you did>"    (record progress)',
    ...(command !== COMPLETE && mayComplete(build) ? [`  ${COMPLETE}    (all of it is done)`] : []),
    '  stopgate build pause --reason "<question>"    (only a person can answer it)',
    '  stopgate build wait --until "<command>"    (something outside has to finish first)',
    '  stopgate build fail    (it cannot be done)',
    ...(inherited
      ? [
          'This build was inherited from an earlier session. If it is not yours: stopgate build release',
        ]
      : []),
    `Reminder ${build.budget.spent} of ${build.budget.limit}.`,
  ];
  return lines.join('\n');
}

/** What a person reads when a budget is spent. */
export function cappedMessage(build: Build, bound: 'limit' | 'streak'): string {
  const why =
    bound === 'limit'
      ? `all ${build.budget.limit} reminders are spent`
      : `${build.budget.streak} reminders in a row brought no progress`;
  const what = `stopgate: build ${build.id} (${oneLine(build.task, BYTES.task)}) is still open in phase ${build.phase}`;
  return `${what}, but ${why}: the agent may stop. See: stopgate status --why; give it a new budget: stopgate build renew --build ${build.id}`;
}

function mayComplete({ phase }: Build): boolean {
  return nextPhases(phase).includes('complete');
}

function nextMove(build: Build): readonly [string, string] {
  const { phase, failedCheck } = build;
  if (failedCheck && mayComplete(build))
    return ['make the failing check pass, then finish', COMPLETE];
  return NEXT[phase] ?? ['finish it', COMPLETE];
}

/** What a person reads when a session's hour of blocks is used up. */
export function hourMessage(perHour: number): string {
  return `stopgate: this session was held ${perHour} times within an hour, so it may stop now. See: stopgate gate log`;
}

/** Says where the work is, for a session that is somewhere else; no line for one that is there. */
export function whereText({ checkouts: [main = ''] }: Build, place: string | null): string[] {
  return place === null || place === main ? [] : [`The work is in: ${oneLine(main, BYTES.where)}`];
}

/** How far a build is, in a sentence. */
export function stepsText({ steps }: Build): string {
  const last = steps.at(-1);
  if (!last) return 'No step is recorded yet.';
  const tests =
    last.tests === undefined ? '' : ` (${last.passing ?? 0} of ${last.tests} tests pass)`;
  return `${steps.length} ${steps.length === 1 ? 'step' : 'steps'} recorded, the last: ${oneLine(last.description, BYTES.step)}${tests}.`;
}

function failedText({ failedCheck }: Build): string[] {
  if (failedCheck === null) return [];
  const tail = failedCheck.tail
    .split('\n')
    .filter((text) => text.trim() !== '')
    .slice(-TAIL_LINES)
    .map((text) => `  | ${oneLine(text, BYTES.tail)}`);
  return [
    `Failing check: ${oneLine(failedCheck.command, BYTES.check)} (${oneLine(failedCheck.outcome, BYTES.outcome)})`,
    ...tail,
  ];
}
