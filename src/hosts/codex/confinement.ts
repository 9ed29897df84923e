import { pathToFileURL } from 'node:url';
import { messageOf } from '../../errors.ts';
import { lastTurnContext, rolloutOf, type TurnContext } from './rollout.ts';
import type { Environment } from './settings-path.ts';

/** What holds the commands of one session of Codex: its sandbox, nothing at all, or what cannot be told. */
export type Confinement =
  | { kind: 'sandbox'; profile: object; cwd: string }
  | { kind: 'none' }
  | { kind: 'unknown'; why: string };

/** A turn that is longer than this has no known sandbox. A hook has less time than a command. */
const MAX_BYTES = 64 * 1024 * 1024;
export const HOOK_BYTES = 8 * 1024 * 1024;

/** Tells what holds the commands of a session, from its rollout. */
export function confinementOf(sessionId: string | null, env: Environment): Confinement {
  const path = sessionId === null ? null : rolloutOf(sessionId, env);
  if (path === null) return { kind: 'unknown', why: 'Codex keeps no record of that session' };
  return confinementIn(path, MAX_BYTES);
}

/** As {@link confinementOf}, from a rollout whose path the host has told. */
export function confinementIn(path: string, maxBytes: number): Confinement {
  try {
    const context = lastTurnContext(path, maxBytes);
    if (context !== null) return held(context);
    return { kind: 'unknown', why: `${path} does not say in which sandbox its commands run` };
  } catch (error) {
    return { kind: 'unknown', why: messageOf(error) };
  }
}

function held({
  permission_profile: profile,
  sandbox_policy: policy,
  cwd,
}: TurnContext): Confinement {
  switch (profile?.type) {
    case 'managed':
      return { kind: 'sandbox', profile, cwd };
    case 'disabled':
      return { kind: 'none' };
    default:
      return !profile && policy?.type === 'danger-full-access'
        ? { kind: 'none' }
        : { kind: 'unknown', why: `its sandbox is of a kind that is not known (${profile?.type})` };
  }
}

/** Everything can be read, nothing written, no network used. */
export function readOnly(cwd: string): Confinement & { kind: 'sandbox' } {
  const root = { path: { type: 'special', value: { kind: 'root' } }, access: 'read' };
  const files = { type: 'restricted', entries: [root] };
  const profile = { type: 'managed', file_system: files, network: 'restricted' };
  return { kind: 'sandbox', profile, cwd };
}

/** What holds a command that comes from one session and is run by another: never more than either may do. */
export function narrower(a: Confinement, b: Confinement): Confinement {
  if (a.kind === 'unknown' || b.kind === 'none') return a;
  if (b.kind === 'unknown' || a.kind === 'none') return b;
  return JSON.stringify(a) === JSON.stringify(b) ? a : readOnly(a.cwd);
}

/** The arguments of `codex` that run what follows them inside the sandbox of a session. */
export function sandboxArgs({ profile, cwd }: Confinement & { kind: 'sandbox' }): string[] {
  const state = { permissionProfile: profile, sandboxCwd: pathToFileURL(cwd).href };
  return ['sandbox', '--sandbox-state-json', JSON.stringify(state), '--'];
}
