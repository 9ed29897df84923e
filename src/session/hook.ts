import type { HookEvent } from '../hosts/host.ts';
import { type Identity, type IdentityInput, identify, withPane } from '../owner/identity.ts';
import { shutdownMarks } from '../shutdown/marks.ts';
import type { StatePaths } from '../state/paths.ts';
import { hasStart, wentOn } from './lineage.ts';
import { claimOwn } from './owned.ts';
import { isQuiet } from './quiet.ts';
import { recordAfter } from './record.ts';
import { armRest, disarmRest } from './rest.ts';
import type { SessionRecord } from './schema.ts';
import { startedAs, startOf } from './start.ts';
import { readSession, updateSession } from './store.ts';
import { type Told, tellAtPrompt, tellAtStart } from './tell.ts';
import { setQuiet } from './turn.ts';

const LOCK_MS = 300;

/** Keeps the record of a session, and returns what a session that starts is to be told. */
export function sessionEvent(event: HookEvent, paths: StatePaths): Told {
  if (event.agentId !== null) return {};
  const at = new Date().toISOString();
  const { host, sessionId, cwd } = event;
  const input: IdentityInput = { host, sessionId, cwd, env: process.env, pid: process.pid };
  if (event.name === 'SessionStart') return onStart(event, paths, input, at);
  if (event.name === 'UserPromptSubmit') return onPrompt(event, paths, input, at);
  const me = identify(input);
  keep(event, paths, me, (before) => recordAfter(before, event, me, at));
  if (event.name === 'SessionEnd') disarmRest(paths, sessionId);
  return {};
}

/**
 * A session that starts takes along the build that is its own, or that it is proven to be the heir of. One that goes on
 * from another process is judged here for good.
 */
function onStart(event: HookEvent, paths: StatePaths, input: IdentityInput, at: string): Told {
  const before = readSession(paths, event.sessionId);
  const claim = claimOwn(paths, input, before, event.source, LOCK_MS);
  const me = claim.me.pane ? claim.me : withPane(claim.me, input);
  const start = startOf(paths, event, me, claim.build);
  keep(event, paths, me, (fresh) => ({
    ...startedAs(recordAfter(fresh, event, me, at), start),
    above: claim.above.map((agent) => ({ ...agent })),
    placed: wentOn(before, me),
  }));
  armRest(paths, event.sessionId, me.pane);
  return tellAtStart(claim, paths);
}

/**
 * The first prompt of a session looks once more: a predecessor in its pane may have ended only after SessionStart. A
 * session whose start no hook saw looks at each of its prompts.
 */
function onPrompt(event: HookEvent, paths: StatePaths, input: IdentityInput, at: string): Told {
  const before = readSession(paths, event.sessionId);
  if (before?.placed) {
    const me = identify(input);
    keep(event, paths, me, (fresh) => recordAfter(fresh, event, me, at));
    return {};
  }
  const source = hasStart(before) ? (before?.source ?? null) : undefined;
  const claim = claimOwn(paths, input, before, source, LOCK_MS);
  const placed = hasStart(before) ? { placed: true } : {};
  keep(event, paths, claim.me, (fresh) => ({
    ...recordAfter(fresh, event, claim.me, at),
    ...placed,
  }));
  return tellAtPrompt(claim);
}

/** Writes the record, with what a shutdown has to say in it. */
function keep(
  event: HookEvent,
  paths: StatePaths,
  me: Identity,
  edit: (before: SessionRecord | null) => SessionRecord,
): void {
  const marks = shutdownMarks(event, me, paths);
  const after = updateSession(paths, event.sessionId, LOCK_MS, (before) => ({
    ...edit(before),
    ...marks,
  }));
  setQuiet(paths, event.sessionId, after !== null && isQuiet(paths, after));
}
