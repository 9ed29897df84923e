import { currentDir } from '../../cwd.ts';
import { type Holding, holdingIn } from '../../gate/holding.ts';
import { UNLOGGED_MEANS } from '../../gate/log-obstacle.ts';
import { type Mode, updateGate, withKill, withMode } from '../../gate/mode.ts';
import { checkoutOf } from '../../owner/checkout.ts';
import { type StatePaths, stateDir, statePaths } from '../../state/paths.ts';
import { LOCK_MS } from '../context.ts';
import { type Line, plain, print, printJson } from '../print.ts';

/** `gate mode`: sets a mode if one is given, and shows what holds here. */
export function changeMode(
  mode: Mode | 'default' | undefined,
  flags: { project?: true; json?: true },
): void {
  const paths = statePaths(stateDir());
  if (mode !== undefined) {
    const project = flags.project ? checkoutOf(currentDir()) : null;
    const value = mode === 'default' ? null : mode;
    updateGate(paths, LOCK_MS, (gate) => withMode(gate, project, value));
  }
  showHolding(paths, flags);
}

/** `gate kill on|off`. */
export function turnKillSwitch(on: boolean, flags: { json?: true }): void {
  const paths = statePaths(stateDir());
  updateGate(paths, LOCK_MS, (gate) => withKill(gate, on, new Date().toISOString()));
  showHolding(paths, flags);
}

function showHolding(paths: StatePaths, { json }: { json?: true }): void {
  const holding = holdingIn(currentDir(), paths, process.env);
  if (json) printJson(holding);
  else print(...describe(holding));
}

const BECAUSE: Record<Holding['because'], string> = {
  'kill-switch': 'by the kill switch',
  project: 'set for this project',
  user: 'set for you',
  default: 'by default',
};

function describe(holding: Holding): Line[] {
  const { build, authority, judge, killedAt, set, disabled, problems } = holding;
  const because = BECAUSE[holding.because];
  return [
    `project      ${plain(holding.project)}`,
    `build gate   ${build} (${because})`,
    `authority    ${authority} (${because})${judge === null ? ', but none is set' : `: ${judge}`}`,
    `set          for you: ${set.user ?? 'nothing'}; for this project: ${set.project ?? 'nothing'}`,
    `kill switch  ${killedAt === null ? 'off' : `on since ${plain(killedAt)}`}`,
    ...(disabled ? ['             STOPGATE_DISABLE=1 is set here: every stop is approved'] : []),
    ...unloggedLines(holding),
    ...problems.map((problem) => `problem      ${plain(problem, 500)}`),
  ];
}

/** What a log that cannot be written comes to, in red; none while it can. */
export function unloggedLines({ unlogged }: Holding): Line[] {
  if (unlogged === null) return [];
  const what = `the decision log cannot be written: ${plain(unlogged, 500)}`;
  return [[{ colour: 'red', text: what }], `  ${UNLOGGED_MEANS}`];
}

/** One line for `stopgate status` where the gates are not as they are by default, else none. */
export function unusual(holding: Holding): string[] {
  if (holding.disabled) return ['gate: STOPGATE_DISABLE=1 is set here: every stop is approved'];
  if (holding.because === 'default') return [];
  const { build, authority, killedAt } = holding;
  if (killedAt !== null)
    return [`gate: off everywhere since ${plain(killedAt)}; back with: stopgate gate kill off`];
  return [`gate: build ${build}, authority ${authority} (${BECAUSE[holding.because]})`];
}
