import type { SessionRecord } from '../schema.ts';
import type { LastStop } from './world.ts';

/** Both hosts draw while they work: a window that was silent for less than this says nothing. */
const QUIET_MS = 10_000;

/**
 * Why an agent that lives does not even seem idle, or `null` when it does: a stop was approved after the last prompt,
 * nothing in the background is going to wake it, and its window has been silent since. Only a look at it proves more.
 */
export function whyNoRest(
  record: SessionRecord,
  stop: LastStop | undefined,
  windowActivityAt: string,
  at: string,
): string | null {
  if (record.compactingSince !== null) return 'it compacts its conversation';
  if (record.status !== 'live') return 'the record says stopped, its agent process lives';
  if (stop === undefined || stop.at < record.lastActivityAt)
    return `no stop is known since ${record.lastEvent}`;
  if (stop.verdict !== 'approve' || stop.cause === 'waiting' || stop.cause === 'error')
    return `its last stop was ${stop.verdict}, ${stop.cause}`;
  if (stop.background === null)
    return 'its last stop was approved without a look at its background work';
  if (stop.background > 0) return 'background work or a scheduled prompt is going to wake it';
  if (Date.parse(at) - Date.parse(windowActivityAt) < QUIET_MS)
    return 'its window was written to a moment ago';
  return null;
}
