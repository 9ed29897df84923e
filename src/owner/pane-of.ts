import { currentDir } from '../cwd.ts';
import { type IdentityInput, identify, withPane } from './identity.ts';
import type { PaneStamp } from './stamp.ts';

/** The pane that a process runs in, which was started by this one; `null` when that is not proven. */
export function paneOf(pid: number): PaneStamp | null {
  const env = process.env;
  const input: IdentityInput = { host: null, sessionId: null, cwd: currentDir(), env, pid };
  return withPane(identify(input), input).pane;
}
