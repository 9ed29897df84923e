import type { Phase } from './phases.ts';
import type { Build } from './schema.ts';

/** The reason stays under this many bytes of UTF-8 (DESIGN.md section 4). */
const MAX_BYTES = 2048;

/** The one next move from each phase that can block. */
const NEXT: Partial<Record<Phase, readonly [string, string]>> = {
  idle: ['say what is unclear, plan, or begin', 'stopgate build phase executing'],
  clarify: ['settle what is unclear, then plan', 'stopgate build phase planning'],
  planning: ['finish the plan, then carry it out', 'stopgate build phase executing'],
  executing: [
    'do the next piece of the task; when all is done, verify',
    'stopgate build phase verifying',
  ],
  verifying: ['verify the work against the task; when it holds, finish', 'stopgate build complete'],
  fixing: ['fix what verifying found, then verify again', 'stopgate build phase verifying'],
  hardening: ['harden the work, then finish', 'stopgate build complete'],
};

/** The text that the model receives with a block: what is unfinished, the one next move, the exact commands. */
export function blockReason(build: Build, inherited: boolean): string {
  const [next, command] = nextMove(build);
  const lines = [
    `stopgate: build ${build.id} is not finished, and this session owns it.`,
    `Task: ${line(build.task, 300)}`,
    `Phase: ${build.phase}. ${stepsText(build)}`,
    ...failedText(build),
    `Next: ${next}.`,
    'Commands:',
    `  ${command}    (the next move)`,
    '  stopgate build step "<what you did>"    (record progress)',
    ...(command === 'stopgate build complete'
      ? []
      : ['  stopgate build complete    (all of it is done)']),
    '  stopgate build pause --reason "<question>"    (only a person can answer it)',
    '  stopgate build fail    (it cannot be done)',
    ...(inherited
      ? [
          'This build was inherited from an earlier session. If it is not yours: stopgate build release',
        ]
      : []),
    `Reminder ${build.budget.spent} of ${build.budget.limit}.`,
  ];
  return clip(lines.join('\n'), MAX_BYTES);
}

/** What a person reads when a budget is spent. */
export function cappedMessage(build: Build, bound: 'limit' | 'streak'): string {
  const why =
    bound === 'limit'
      ? `all ${build.budget.limit} reminders are spent`
      : `${build.budget.streak} reminders in a row brought no progress`;
  const what = `stopgate: build ${build.id} (${line(build.task, 120)}) is still open in phase ${build.phase}`;
  return `${what}, but ${why}: the agent may stop. See: stopgate status --why`;
}

function nextMove({ phase, failedCheck }: Build): readonly [string, string] {
  if (failedCheck) return ['make the failing check pass, then finish', 'stopgate build complete'];
  return NEXT[phase] ?? ['finish it', 'stopgate build complete'];
}

/** How far a build is, in a sentence. */
export function stepsText({ steps }: Build): string {
  const last = steps.at(-1);
  if (!last) return 'No step is recorded yet.';
  const tests =
    last.tests === undefined ? '' : ` (${last.passing ?? 0} of ${last.tests} tests pass)`;
  return `${steps.length} ${steps.length === 1 ? 'step' : 'steps'} recorded, the last: ${line(last.description, 200)}${tests}.`;
}

function failedText({ failedCheck }: Build): string[] {
  if (failedCheck === null) return [];
  const tail = failedCheck.tail
    .split('\n')
    .filter((text) => text.trim() !== '')
    .slice(-8)
    .map((text) => `  | ${line(text, 100)}`);
  return [`Failing check: ${line(failedCheck.command, 200)} (${failedCheck.outcome})`, ...tail];
}

/** One line of printable text, at most `max` characters. */
function line(text: string, max: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const flat = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return flat.length > max ? `${flat.slice(0, max - 1)}…` : flat;
}

function clip(text: string, bytes: number): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  return `${buffer
    .subarray(0, bytes - 3)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')}…`;
}
