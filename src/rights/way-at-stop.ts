import { mayBeSandboxed } from '../hosts/claude/sandbox.ts';
import {
  type Confinement,
  confinementIn,
  confinementOf,
  HOOK_BYTES,
} from '../hosts/codex/confinement.ts';
import type { HookEvent } from '../hosts/host.ts';
import type { Origin } from './origin.ts';
import { type Way, wayFor } from './way.ts';

type Env = Readonly<Record<string, string | undefined>>;

export type WayAtStop =
  | Extract<Way, { kind: 'direct' | 'sandbox' }>
  | { kind: 'none'; why: string };

/** Decides with which rights a hook may run a command that somebody wrote down, for the session that stops. */
export function wayAtStop(event: HookEvent, origin: Origin | undefined, env: Env): WayAtStop {
  return event.host === 'codex' ? atCodex(event, origin, env) : atClaude(event, origin, env);
}

function atCodex(
  { sessionId, transcriptPath, cwd }: HookEvent,
  origin: Origin | undefined,
  env: Env,
): WayAtStop {
  const own: Confinement =
    transcriptPath === null
      ? { kind: 'unknown', why: 'Codex keeps no record of this session' }
      : confinementIn(transcriptPath, HOOK_BYTES);
  if (own.kind === 'unknown') return { kind: 'none', why: own.why };
  const held = (session: string | null) =>
    session === sessionId ? own : confinementOf(session, env);
  const runner = { by: 'codex', session: sessionId, contained: false } as const;
  return plainly(wayFor(runner, origin, held, cwd));
}

/** Claude Code has no sandbox that it lends to others: only a session that may run everything unasked has its checks run. */
function atClaude(
  { sessionId, cwd, permissionMode }: HookEvent,
  origin: Origin | undefined,
  env: Env,
): WayAtStop {
  if (permissionMode !== 'bypassPermissions') {
    return { kind: 'none', why: 'Claude Code asks a person before it runs a command here' };
  }
  if (mayBeSandboxed(cwd, env)) {
    return { kind: 'none', why: 'the commands of this session may run in a sandbox' };
  }
  const runner = { by: 'claude', session: sessionId, contained: false } as const;
  return plainly(wayFor(runner, origin, (session) => confinementOf(session, env), cwd));
}

function plainly(way: Way): WayAtStop {
  return way.kind === 'ask' || way.kind === 'refuse' ? { kind: 'none', why: way.why } : way;
}
