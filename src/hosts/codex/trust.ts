import { existsSync } from 'node:fs';
import { StopgateError } from '../../errors.ts';
import { type AppServer, withAppServer } from './app-server.ts';
import { type ListedHook, listHooks } from './hook-list.ts';
import type { Environment } from './settings-path.ts';

export interface TrustPlace {
  /** As the person's Codex would see it. */
  readonly env: Environment;
  /** Where a session would start; a project's hooks are listed only for its own folders. */
  readonly cwd: string;
  readonly hooksFile: string;
  readonly isOurs: (command: string) => boolean;
}

/** How one hook stands. `already`: trusted before we asked. `disabled`: a person's choice, never overridden. */
export type HookTrust = 'trusted' | 'already' | 'modified' | 'untrusted' | 'disabled';

export interface TrustReport {
  /** That of the hook that needs a person most; or why there is nothing to say about hooks. */
  readonly state: HookTrust | 'unparsable' | 'not-listed' | 'no-codex' | 'failed';
  readonly hooks: readonly { event: string; command: string; state: HookTrust }[];
  /** What Codex said; null when it only listed. */
  readonly why: string | null;
  /** What a person does about it; null when nothing is left to do. */
  readonly hint: string | null;
}

/** How far Codex trusts our hooks of one file; changes nothing. */
export function trustState(place: TrustPlace): Promise<TrustReport> {
  return reported(place, async (server) => {
    const { hooks, problem } = await listHooks(server, place.cwd, place.hooksFile);
    return report(ownOf(hooks, place), problem, NONE);
  });
}

/** Has Codex trust exactly our hooks of one file, and reports what Codex says about them afterwards. */
export function trustOwnEntries(place: TrustPlace): Promise<TrustReport> {
  return reported(place, async (server) => {
    const before = await listHooks(server, place.cwd, place.hooksFile);
    const own = ownOf(before.hooks, place);
    const already = new Set(own.filter(isTrusted).map(({ key }) => key));
    const open = own.filter((hook) => hook.enabled && !isTrusted(hook));
    if (open.length === 0) return report(own, before.problem, already);
    const value = Object.fromEntries(
      open.map(({ key, currentHash }) => [key, { trusted_hash: currentHash }]),
    );
    const edits = [{ keyPath: 'hooks.state', value, mergeStrategy: 'upsert' }];
    await server.call('config/batchWrite', { edits });
    const after = await listHooks(server, place.cwd, place.hooksFile);
    return report(ownOf(after.hooks, place), after.problem, already);
  });
}

/** True when Codex runs the hook, unless a person disabled it. */
export function isTrusted({ trustStatus }: ListedHook): boolean {
  return trustStatus === 'trusted' || trustStatus === 'managed';
}

const NONE: ReadonlySet<string> = new Set();

function ownOf(hooks: readonly ListedHook[], { isOurs }: TrustPlace): ListedHook[] {
  return hooks.filter(({ command }) => typeof command === 'string' && isOurs(command));
}

async function reported(
  place: TrustPlace,
  ask: (server: AppServer) => Promise<TrustReport>,
): Promise<TrustReport> {
  // Codex fills its home with databases as soon as it starts: not where there is nothing to ask about.
  if (!existsSync(place.hooksFile)) return report([], null, NONE);
  try {
    return await withAppServer(place, ask);
  } catch (error) {
    if (!(error instanceof StopgateError)) throw error;
    const state = error.code === 'no-codex' ? 'no-codex' : 'failed';
    return { state, hooks: [], why: error.message, hint: HINTS[state] };
  }
}

function report(
  own: readonly ListedHook[],
  problem: string | null,
  already: ReadonlySet<string>,
): TrustReport {
  const hooks = own.map((hook) => ({
    event: hook.eventName,
    command: hook.command ?? '',
    state: already.has(hook.key) && hook.enabled ? ('already' as const) : stateOf(hook),
  }));
  const worst = URGENCY.find((state) => hooks.some((hook) => hook.state === state));
  const state = worst ?? (problem === null ? 'not-listed' : 'unparsable');
  return { state, hooks, why: problem, hint: HINTS[state] };
}

function stateOf(hook: ListedHook): HookTrust {
  if (!hook.enabled) return 'disabled';
  if (isTrusted(hook)) return 'trusted';
  return hook.trustStatus === 'modified' ? 'modified' : 'untrusted';
}

const URGENCY: readonly HookTrust[] = ['untrusted', 'modified', 'disabled', 'trusted', 'already'];

const BY_HAND = 'Open Codex, type /hooks and trust the entries that run stopgate-hook';

const HINTS: Record<TrustReport['state'], string | null> = {
  trusted: null,
  already: null,
  untrusted: `${BY_HAND}.`,
  modified: `${BY_HAND}: they are not the ones that were trusted.`,
  disabled: 'Somebody disabled a stopgate hook. To have it run, enable it under /hooks in Codex.',
  unparsable: 'Codex cannot read the file named above. Repair it, then run the command again.',
  'not-listed':
    "Codex loads no stopgate hook here. For a project's hooks, trust the project itself first: start Codex in it.",
  'no-codex': `${BY_HAND}, once Codex is installed.`,
  failed: `${BY_HAND}.`,
};
