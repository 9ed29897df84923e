import { isAbsolute, join } from 'node:path';
import { StopgateError } from '../errors.ts';
import { type Danger, dangerAtAGlance, dangerIn } from './danger.ts';
import { type StatePaths, stateDir, statePaths } from './paths.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The state directory of this person, for a hook.
 * @throws StopgateError `unsafe-state`: somebody else may put state there, and nothing of it is believed.
 */
export function ownState(env: Env = process.env): StatePaths {
  const root = stateDir(env);
  const danger = dangerAtAGlance(root);
  if (danger !== null) throw unsafeState(danger);
  return statePaths(root);
}

/** Where a hook without a safe state directory writes its log: below `$XDG_RUNTIME_DIR`, or `null` where that is no better. */
export function spareLog(env: Env = process.env): string | null {
  const dir = env.XDG_RUNTIME_DIR ?? '';
  if (!isAbsolute(dir)) return null;
  const root = join(dir, 'stopgate');
  return dangerIn(root) === null ? join(root, 'gate.jsonl') : null;
}

export function unsafeState({ what }: Danger, hint?: string): StopgateError {
  const message = `The state directory is not safe: ${what}.`;
  return new StopgateError('unsafe-state', message, hint === undefined ? {} : { hint });
}
