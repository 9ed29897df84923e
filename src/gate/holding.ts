import { checkoutOf } from '../owner/checkout.ts';
import { readSettings } from '../settings/read.ts';
import type { AuthorityConfig } from '../settings/schema.ts';
import type { StatePaths } from '../state/paths.ts';
import { logObstacle } from './log-obstacle.ts';
import { type Because, becauseIn, type Mode, modeOf, modesIn, readGate } from './mode.ts';

/** Which gates hold in one working tree, and why. */
export interface Holding {
  project: string;
  build: Mode;
  authority: Mode;
  because: Because;
  /** What is set for the person, and for this project; `null`: nothing. */
  set: { user: Mode | null; project: Mode | null };
  killedAt: string | null;
  /** `STOPGATE_DISABLE=1` in this very environment. */
  disabled: boolean;
  /** The kind of authority that settings name; `null`: none, so the authority judges nothing. */
  judge: AuthorityConfig['kind'] | null;
  /** Why decisions cannot be written down; `null`: they can. Without its log an authority is not asked. */
  unlogged: string | null;
  /** What was wrong with the settings files. */
  problems: string[];
}

/** Looks up what a stop in `cwd` would meet. */
export function holdingIn(
  cwd: string,
  paths: StatePaths,
  env: Readonly<Record<string, string | undefined>>,
): Holding {
  const project = checkoutOf(cwd);
  const gate = readGate(paths);
  const { settings, problems } = readSettings(project, env);
  return {
    project,
    ...modesIn(gate, project),
    because: becauseIn(gate, project),
    set: { user: gate.mode, project: modeOf(gate, project) },
    killedAt: gate.killedAt,
    disabled: env.STOPGATE_DISABLE === '1',
    judge: settings.authority?.kind ?? null,
    unlogged: logObstacle(paths.gateLog),
    problems,
  };
}
