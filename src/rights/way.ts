import { type Confinement, narrower, readOnly } from '../hosts/codex/confinement.ts';
import type { Origin } from './origin.ts';
import type { Runner } from './runner.ts';

type Sandbox = Confinement & { kind: 'sandbox' };

/** How a command may run: with our own rights, inside a session's sandbox, after a person has seen it, or not at all. */
export type Way =
  | { kind: 'direct' }
  /** `note` says why it may do less than its session. */
  | { kind: 'sandbox'; sandbox: Sandbox; note: string | null }
  | { kind: 'ask'; why: string }
  | { kind: 'refuse'; code: 'in-sandbox' | 'not-yours-to-run'; why: string };

/** What holds the commands of a session of Codex; asked only where that decides. */
export type ConfinementOf = (session: string | null) => Confinement;

const DIRECT: Way = { kind: 'direct' };

/**
 * Decides with which rights a command runs: with those of whoever runs it now, and never more than those of whoever
 * wrote it down (`undefined`: not known). Pure.
 */
export function wayFor(
  runner: Runner,
  origin: Origin | undefined,
  confinementOf: ConfinementOf,
  cwd: string,
): Way {
  if (runner.contained) return inside(runner);
  switch (runner.by) {
    case 'codex':
      return forCodex(runner, origin, confinementOf, cwd);
    case 'claude':
      return isBy(origin, 'person') || (isBy(origin, 'claude') && !origin?.contained)
        ? DIRECT
        : (inSandboxOf(origin, confinementOf, DIRECT) ?? refused(origin));
    case 'other':
      return isBy(origin, 'person')
        ? DIRECT
        : (inSandboxOf(origin, confinementOf) ?? refused(origin));
    case 'person':
      if (isBy(origin, 'person')) return DIRECT;
      return inSandboxOf(origin, confinementOf) ?? { kind: 'ask', why: written(origin) };
    default:
      return runner.by satisfies never;
  }
}

/** What runs in a sandbox can do there what it likes, but what it says of a result can be forged. */
function inside({ by }: Runner): Way {
  if (by !== 'codex') return DIRECT;
  const why = 'it runs inside the sandbox of Codex, where its result could be forged';
  return { kind: 'refuse', code: 'in-sandbox', why };
}

function forCodex(
  { session }: Runner,
  origin: Origin | undefined,
  confinementOf: ConfinementOf,
  cwd: string,
): Way {
  const own = confinementOf(session);
  if (own.kind === 'unknown') {
    return { kind: 'sandbox', sandbox: readOnly(cwd), note: `read-only: ${own.why}` };
  }
  const isOwn = isBy(origin, 'codex') && origin?.session === session;
  if (isOwn || isBy(origin, 'person') || (isBy(origin, 'claude') && !origin?.contained))
    return within(own, own);
  if (isBy(origin, 'codex')) {
    const theirs = confinementOf(origin?.session ?? null);
    if (theirs.kind !== 'unknown') return within(narrower(own, theirs), own);
  }
  return own.kind === 'none' ? refused(origin) : within(own, own);
}

function within(held: Confinement, own: Confinement): Way {
  if (held.kind !== 'sandbox') return DIRECT;
  const isLess = JSON.stringify(held) !== JSON.stringify(own);
  const note = isLess ? 'with no more than the session may do that wrote it down' : null;
  return { kind: 'sandbox', sandbox: held, note };
}

/** The sandbox of the session of Codex that wrote a command down; `free` where that session had none. */
function inSandboxOf(
  origin: Origin | undefined,
  confinementOf: ConfinementOf,
  free: Way | null = null,
): Way | null {
  if (!isBy(origin, 'codex')) return null;
  const held = confinementOf(origin?.session ?? null);
  if (held.kind === 'sandbox') return { kind: 'sandbox', sandbox: held, note: null };
  return held.kind === 'none' && !origin?.contained ? free : null;
}

function refused(origin: Origin | undefined): Way {
  return { kind: 'refuse', code: 'not-yours-to-run', why: written(origin) };
}

function written(origin: Origin | undefined): string {
  if (origin === undefined) return 'it is not known who wrote it down';
  const { by, session, contained } = origin;
  const who =
    by === 'other' ? 'another agent' : `a session of ${by}${session ? ` (${session})` : ''}`;
  return `${who} wrote it down${contained ? ' from inside a sandbox' : ''}`;
}

function isBy(origin: Origin | undefined, by: Runner['by']): boolean {
  return origin?.by === by;
}
