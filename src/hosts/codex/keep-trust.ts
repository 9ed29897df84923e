import { existsSync } from 'node:fs';
import { StopgateError } from '../../errors.ts';
import { withAppServer } from './app-server.ts';
import { type HookList, type ListedHook, listHooks } from './hook-list.ts';
import { isTrusted, type TrustPlace } from './trust.ts';

export interface KeptTrust {
  /** `lost`: a person has to trust their own hooks again. `unknown`: Codex could not be asked before the change. */
  readonly state: 'kept' | 'lost' | 'unknown';
  /** How many hooks stand elsewhere now and took their trust along. */
  readonly moved: number;
  readonly why: string | null;
}

/**
 * Makes a change to the hooks file and has every hook that it moves as trusted, and as enabled, as it was: Codex
 * stores both by position. Of hooks of ours that are gone nothing stays behind.
 */
export async function keepTrust<T>(
  place: TrustPlace,
  change: () => T | Promise<T>,
): Promise<{ result: T; kept: KeptTrust }> {
  if (!existsSync(place.hooksFile)) return { result: await change(), kept: KEPT };
  const before = await unlessCodexFails(() => withAppServer(place, (server) => list(server)));
  const result = await change();
  if (!before.ok) return { result, kept: { state: 'unknown', moved: 0, why: before.why } };
  const moved = await unlessCodexFails(() =>
    withAppServer(place, async (server) => {
      const plan = planMoves(before.value.hooks, (await list(server)).hooks, place.isOurs);
      if (plan.edits.length === 0) return plan.states.size;
      await server.call('config/batchWrite', { edits: plan.edits });
      assertKept(plan, await list(server));
      return plan.states.size;
    }),
  );
  if (!moved.ok) return { result, kept: { state: 'lost', moved: 0, why: moved.why } };
  return { result, kept: { ...KEPT, moved: moved.value } };

  function list(server: Parameters<typeof listHooks>[0]): Promise<HookList> {
    return listHooks(server, place.cwd, place.hooksFile);
  }
}

interface HookState {
  readonly trusted_hash?: string;
  readonly enabled?: false;
}

interface Moves {
  /** For `config/batchWrite`: first what is left behind, then what moves. */
  readonly edits: readonly object[];
  /** What is to hold at each new position. */
  readonly states: ReadonlyMap<string, HookState>;
}

/** What to write so that each hook of `before` that stands elsewhere in `after` keeps what it had. */
export function planMoves(
  before: readonly ListedHook[],
  after: readonly ListedHook[],
  isOurs: (command: string) => boolean,
): Moves {
  const ours = ({ command }: ListedHook) => typeof command === 'string' && isOurs(command);
  const keys = new Map<string, string[]>();
  for (const { key, ...hook } of after)
    keys.set(nameOf(hook), [...(keys.get(nameOf(hook)) ?? []), key]);
  const slots = new Set(after.filter(ours).map(({ key }) => key));
  const left: string[] = [];
  const states = new Map<string, HookState>();
  const nth = new Map<string, number>();
  for (const hook of before) {
    const name = nameOf(hook);
    // Of equal hooks, the first stays the first.
    const rank = nth.get(name) ?? 0;
    nth.set(name, rank + 1);
    const key = keys.get(name)?.[rank];
    if (key === hook.key || !hasState(hook)) continue;
    if (key !== undefined || (ours(hook) && !slots.has(hook.key))) left.push(hook.key);
    const state = stateOf(hook);
    if (key !== undefined && Object.keys(state).length > 0) states.set(key, state);
  }
  const edits: object[] = left.map((key) => ({
    keyPath: `hooks.state.${JSON.stringify(key)}`,
    value: null,
    mergeStrategy: 'replace',
  }));
  if (states.size > 0) {
    const value = Object.fromEntries(states);
    edits.push({ keyPath: 'hooks.state', value, mergeStrategy: 'upsert' });
  }
  return { edits, states };
}

function nameOf({ eventName, currentHash }: Pick<ListedHook, 'eventName' | 'currentHash'>): string {
  return `${eventName} ${currentHash}`;
}

function hasState(hook: ListedHook): boolean {
  return hook.trustStatus !== 'untrusted' || !hook.enabled;
}

function stateOf(hook: ListedHook): HookState {
  return {
    ...(isTrusted(hook) ? { trusted_hash: hook.currentHash } : {}),
    ...(hook.enabled ? {} : { enabled: false }),
  };
}

function assertKept({ states }: Moves, { hooks }: HookList): void {
  const lost = hooks.filter((hook) => {
    const state = states.get(hook.key);
    if (state === undefined) return false;
    return (
      (state.trusted_hash !== undefined && !isTrusted(hook)) ||
      hook.enabled !== (state.enabled ?? true)
    );
  });
  if (lost.length === 0) return;
  throw new StopgateError('trust-lost', `Codex did not keep its trust in ${lost.length} hook(s).`);
}

const KEPT: KeptTrust = { state: 'kept', moved: 0, why: null };

async function unlessCodexFails<T>(
  ask: () => Promise<T>,
): Promise<{ ok: true; value: T } | { ok: false; why: string }> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    if (!(error instanceof StopgateError)) throw error;
    return { ok: false, why: error.message };
  }
}
