import type { HookEvent } from '../hosts/host.ts';
import { type IdentityInput, identify } from '../owner/identity.ts';
import { shutdownMarks } from '../shutdown/marks.ts';
import type { StatePaths } from '../state/paths.ts';
import { ownerContext } from './context.ts';
import { claimOwn } from './owned.ts';
import { recordAfter } from './record.ts';
import { updateSession } from './store.ts';

const LOCK_MS = 300;

/** Keeps the record of a session, and returns what an owner that starts is to be told, or `null`. */
export function sessionEvent(event: HookEvent, paths: StatePaths): string | null {
  if (event.agentId !== null) return null;
  const at = new Date().toISOString();
  const { host, sessionId, cwd } = event;
  const input: IdentityInput = { host, sessionId, cwd, env: process.env, pid: process.pid };
  const claim = event.name === 'SessionStart' ? claimOwn(paths, input, LOCK_MS) : null;
  const me = claim?.me ?? identify(input);
  const marks = shutdownMarks(event, me, paths);
  updateSession(paths, sessionId, LOCK_MS, (before) => ({
    ...recordAfter(before, event, me, at),
    ...marks,
  }));
  return claim?.build ? ownerContext(claim.build, claim.inherited) : null;
}
