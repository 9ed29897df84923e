import type { HookEvent } from '../hosts/host.ts';
import type { SessionRecord } from '../session/schema.ts';

/** A compaction that takes longer than this has been lost sight of. */
const COMPACTING_MS = 10 * 60_000;

/**
 * True while background work, or a prompt that was scheduled for once, will wake the session. A command that holds a text
 * of `ignored` never ends, so it won't.
 */
export function isAwaited(
  { backgroundTasks, backgroundCommands, wakeUps }: HookEvent,
  ignored: readonly string[] = [],
): boolean {
  const endless = backgroundCommands.filter((command) =>
    ignored.some((text) => command.includes(text)),
  );
  return backgroundTasks > endless.length || wakeUps > 0;
}

/**
 * True while the host compacts the conversation. No host says so when a compaction fails; but it works on one prompt
 * after the other, so a stop of another prompt than the one in which it began proves that it is over.
 */
export function isCompacting(
  session: SessionRecord | null,
  { promptId }: Pick<HookEvent, 'promptId'>,
  now: number,
): boolean {
  if (!isRecent(session?.compactingSince ?? null, now)) return false;
  const began = session?.compactingIn ?? null;
  return began === null || promptId === null || began === promptId;
}

/** True for a compaction that may still be going on by its age. */
export function isRecent(since: string | null, now: number): boolean {
  return since !== null && Math.abs(now - Date.parse(since)) < COMPACTING_MS;
}
