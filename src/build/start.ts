import { randomBytes } from 'node:crypto';
import { StopgateError } from '../errors.ts';
import { assess, type LineageOf } from '../owner/assess.ts';
import { checkoutOf } from '../owner/checkout.ts';
import type { Identity } from '../owner/identity.ts';
import { momentNow } from '../owner/moment.ts';
import type { OwnerStamp } from '../owner/stamp.ts';
import type { Origin } from '../rights/origin.ts';
import { headOf } from './head.ts';
import { isTerminal, type Phase } from './phases.ts';
import { BUILD_SCHEMA, type Build, SIZES, type Size } from './schema.ts';

/** The phases that a build may begin in. */
export const START_PHASES = ['idle', 'clarify', 'planning', 'executing'] as const satisfies Phase[];
export type StartPhase = (typeof START_PHASES)[number];

export interface StartOptions {
  task: string;
  size: Size;
  checks: string[];
  checksFrom?: Origin | undefined;
  /** Reminders at most; by the size unless it is set. */
  limit?: number | undefined;
  ownerSession?: string | undefined;
  ownerTmux?: string | undefined;
  /** Where it begins; `executing` unless it is set. */
  phase?: StartPhase | undefined;
}

/** Looks up what is recorded of a live session. */
export type RecordedOwner = (
  sessionId: string,
) => Pick<OwnerStamp, 'host' | 'agent' | 'pane'> | null;

/** The state of a build that begins now. @throws StopgateError `no-identity`. */
export function newBuild(
  options: StartOptions,
  me: Identity,
  recorded: RecordedOwner,
  at: string,
): Build {
  const checkout = checkoutOf(me.cwd);
  const phase = options.phase ?? 'executing';
  return {
    schema: BUILD_SCHEMA,
    id: newId(options.task),
    task: options.task,
    size: options.size,
    phase,
    pausedFrom: null,
    pauseReason: null,
    owner: stampOf(options, me, recorded, at),
    checkouts: [checkout],
    head: headOf(checkout),
    checks: options.checks,
    ...(options.checksFrom === undefined ? {} : { checksFrom: options.checksFrom }),
    failedCheck: null,
    fixRounds: 0,
    steps: [],
    budget: { limit: options.limit ?? SIZES[options.size], spent: 0, streak: 0, toldAt: null },
    history: [{ at, what: 'started', to: phase }],
    createdAt: at,
    updatedAt: at,
  };
}

/** The unfinished build that already belongs to the owner of `next`, if there is one. */
export function rivalOf(
  owner: OwnerStamp,
  builds: readonly Build[],
  me: Identity,
  lineageOf: LineageOf,
): Build | null {
  const open = builds.filter(({ phase }) => !isTerminal(phase));
  const rival = open.find((build) => {
    const named = owner.tmuxName !== null && build.owner?.tmuxName === owner.tmuxName;
    if (named || owner.sessionId === null) return named;
    if (owner.sessionId !== me.sessionId) return build.owner?.sessionId === owner.sessionId;
    return assess(build, me, lineageOf).answer === 'owner';
  });
  return rival ?? null;
}

/**
 * The stamp of an owner. The flags add to what the environment proves of the caller, and to what is recorded of the
 * session that they name; given together, either one finds the owner. @throws StopgateError `no-identity`.
 */
export function stampOf(
  { ownerSession, ownerTmux }: Pick<StartOptions, 'ownerSession' | 'ownerTmux'>,
  me: Identity,
  recorded: RecordedOwner,
  at: string,
): OwnerStamp {
  const name = ownerTmux ? tmuxName(ownerTmux) : null;
  const namesMe = name !== null && me.pane?.sessionName === name && me.outermost && !me.sharedPane;
  const common = { machine: me.machine, stampedAt: at, seenAt: momentNow() };
  const isMine = ownerSession ? ownerSession === me.sessionId : name === null || namesMe;
  const tmux = { tmuxName: isMine && namesMe ? null : name };
  if (isMine) {
    if (me.sessionId === null) throw noIdentity();
    const { host, sessionId, agent, pane } = me;
    return { ...common, ...tmux, host, sessionId, agent: agent && { ...agent }, pane };
  }
  const known = ownerSession ? recorded(ownerSession) : null;
  const facts = known ?? { host: null, agent: null, pane: null };
  return { ...common, ...tmux, ...facts, sessionId: ownerSession || null };
}

/** tmux shows `.` and `:` of a session's name as `_` (docs/hosts.md, tmux). */
function tmuxName(name: string): string {
  return name.replace(/[.:]/g, '_');
}

function newId(task: string): string {
  const words = task.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const slug = words.slice(0, 5).join('-').slice(0, 40) || 'build';
  return `${slug}-${randomBytes(3).toString('hex')}`;
}

function noIdentity(): StopgateError {
  return new StopgateError(
    'no-identity',
    'Cannot tell whose build this is: expected the session id that Claude Code and Codex give their shell tools ' +
      '(CLAUDE_CODE_SESSION_ID or CODEX_SESSION_ID), found neither.',
    {
      hint:
        'Run it from the agent that shall own the build, or name the owner: --owner-session <session id>, or ' +
        '--owner-tmux <tmux session name>.',
    },
  );
}
