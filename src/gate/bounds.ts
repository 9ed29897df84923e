import { hourMessage } from '../build/reason.ts';
import type { HookEvent } from '../hosts/host.ts';
import { PER_HOUR, type Settings } from '../settings/schema.ts';
import type { StatePaths } from '../state/paths.ts';
import type { Verdict } from '../verdict.ts';
import { claimBlock } from './hourly.ts';
import type { Mode } from './mode.ts';
import type { Refuse } from './stop.ts';

/** A verdict as it is spoken, and everything that its log line says. */
export interface Routed {
  verdict: Verdict;
  /** Whose answer it is: the authority's from the moment it was asked. */
  gate: 'build' | 'authority';
  record: object;
}

/** What the bounds of a block depend on. */
export interface BoundedStop {
  event: HookEvent;
  paths: StatePaths;
  settings: Settings;
}

/**
 * The one way to a block, for every gate and both hosts. Only a gate that enforces settles its answer; there each block
 * asks `refuse`, which takes it from the session's hour, before it is charged to anything else or spoken.
 */
export function bounded(
  stop: BoundedStop,
  mode: Mode,
  routed: Routed,
  settle: (refuse: Refuse) => Routed,
): Routed {
  if (mode !== 'enforce') {
    return { ...routed, ...inShadow(routed) };
  }
  let refused: Verdict | null = null;
  const settled = settle(() => {
    refused = refuseBeyondHour(stop);
    return refused;
  });
  if (refused === null) return settled;
  const bound = { ...would(routed.verdict), bound: 'hour' };
  return { ...settled, record: { ...settled.record, ...bound } };
}

/** A person is told nothing either: a gate in shadow changes nothing. */
function inShadow({ verdict, record }: Routed): Pick<Routed, 'verdict' | 'record'> {
  if (verdict.decision === 'approve')
    return { verdict: { decision: 'approve', cause: verdict.cause }, record };
  return {
    verdict: { decision: 'approve', cause: 'disabled' },
    record: { ...record, ...would(verdict) },
  };
}

/** Takes one block from the hour; when none is left the stop is approved, and the person is told once. */
function refuseBeyondHour({ event, paths, settings }: BoundedStop): Verdict | null {
  const perHour = settings.budget?.perHour ?? PER_HOUR;
  const claim = claimBlock(paths, event.sessionId, perHour, Date.now());
  if (claim.granted) return null;
  const told = claim.tell ? { systemMessage: hourMessage(perHour) } : {};
  return { decision: 'approve', cause: 'capped', ...told };
}

function would({ decision, cause }: Verdict): object {
  return { would: { verdict: decision, cause } };
}
