import { randomBytes } from 'node:crypto';
import { StopgateError } from '../errors.ts';
import { assess } from '../owner/assess.ts';
import { checkoutOf } from '../owner/checkout.ts';
import type { Identity } from '../owner/identity.ts';
import type { OwnerStamp } from '../owner/stamp.ts';
import { headOf } from './head.ts';
import { isTerminal } from './phases.ts';
import { BUILD_SCHEMA, type Build, SIZES, type Size } from './schema.ts';

export interface StartOptions {
  task: string;
  size: Size;
  checks: string[];
  /** Reminders at most; by the size unless it is set. */
  limit?: number | undefined;
  ownerSession?: string | undefined;
  ownerTmux?: string | undefined;
}

/** The state of a build that begins now, in phase `executing`. @throws StopgateError `no-identity`. */
export function newBuild(options: StartOptions, me: Identity, at: string): Build {
  const checkout = checkoutOf(me.cwd);
  return {
    schema: BUILD_SCHEMA,
    id: newId(options.task),
    task: options.task,
    size: options.size,
    phase: 'executing',
    pausedFrom: null,
    pauseReason: null,
    owner: stampOf(options, me, at),
    checkouts: [checkout],
    head: headOf(checkout),
    checks: options.checks,
    failedCheck: null,
    fixRounds: 0,
    steps: [],
    budget: { limit: options.limit ?? SIZES[options.size], spent: 0, streak: 0, toldAt: null },
    history: [{ at, what: 'started', to: 'executing' }],
    createdAt: at,
    updatedAt: at,
  };
}

/** The unfinished build that already belongs to the owner of `next`, if there is one. */
export function rivalOf(next: Build, builds: readonly Build[], me: Identity): Build | null {
  const { owner } = next;
  const open = builds.filter(({ phase }) => !isTerminal(phase));
  const rival = open.find((build) => {
    if (owner?.tmuxName) return build.owner?.tmuxName === owner.tmuxName;
    if (owner?.sessionId !== me.sessionId) return build.owner?.sessionId === owner?.sessionId;
    return assess(build, me).answer === 'owner';
  });
  return rival ?? null;
}

function stampOf(options: StartOptions, me: Identity, at: string): OwnerStamp {
  const nobody = { host: null, sessionId: null, agent: null, pane: null, tmuxName: null };
  const common = { ...nobody, machine: me.machine, stampedAt: at };
  if (options.ownerSession) return { ...common, sessionId: options.ownerSession };
  if (options.ownerTmux) return { ...common, tmuxName: tmuxName(options.ownerTmux) };
  if (me.sessionId === null) throw noIdentity();
  const { host, sessionId, pane } = me;
  return { ...common, host, sessionId, agent: me.agent ? { ...me.agent } : null, pane };
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
