import type { HookEvent } from '../hosts/host.ts';
import { type Identity, type IdentityInput, identify, withPane } from '../owner/identity.ts';
import { shutdownMarks } from '../shutdown/marks.ts';
import type { StatePaths } from '../state/paths.ts';
import { ownerContext } from './context.ts';
import { claimOwn } from './owned.ts';
import { recordAfter } from './record.ts';
import { armRest, disarmRest } from './rest.ts';
import type { SessionRecord } from './schema.ts';
import { startedAs, startOf } from './start.ts';
import { updateSession } from './store.ts';

const LOCK_MS = 300;

/** Keeps the record of a session, and returns what an owner that starts is to be told, or `null`. */
export function sessionEvent(event: HookEvent, paths: StatePaths): string | null {
  if (event.agentId !== null) return null;
  const at = new Date().toISOString();
  const { host, sessionId, cwd } = event;
  const input: IdentityInput = { host, sessionId, cwd, env: process.env, pid: process.pid };
  if (event.name !== 'SessionStart') {
    const me = identify(input);
    keep(event, paths, me, (before) => recordAfter(before, event, me, at));
    if (event.name === 'SessionEnd') disarmRest(paths, sessionId);
    return null;
  }
  const claim = claimOwn(paths, input, LOCK_MS);
  const me = claim.me.pane ? claim.me : withPane(claim.me, input);
  const start = startOf(paths, event, me, claim.build);
  keep(event, paths, me, (before) => startedAs(recordAfter(before, event, me, at), start));
  armRest(paths, sessionId, me.pane);
  return claim.build ? ownerContext(claim.build, claim.inherited) : null;
}

/** Writes the record, with what a shutdown has to say in it. */
function keep(
  event: HookEvent,
  paths: StatePaths,
  me: Identity,
  edit: (before: SessionRecord | null) => SessionRecord,
): void {
  const marks = shutdownMarks(event, me, paths);
  updateSession(paths, event.sessionId, LOCK_MS, (before) => ({ ...edit(before), ...marks }));
}
