import { StopgateError } from '../errors.ts';
import { OTHER_AGENTS, type OtherAgent } from '../owner/agent-kind.ts';
import type { LineageOf } from '../owner/assess.ts';
import { lookAtCaller } from '../owner/caller.ts';
import type { Identity } from '../owner/identity.ts';
import { lineages } from '../session/lineage.ts';
import { readSession } from '../session/store.ts';
import { type StatePaths, stateDir, statePaths } from '../state/paths.ts';
import type { OwnerFlags } from './build/owner-flags.ts';

/** How long a command waits for another process's write. */
export const LOCK_MS = 10_000;

/** What every command about builds needs to know of where and who it is. */
export interface Context {
  paths: StatePaths;
  me: Identity;
  /** The agent that runs the command, when stopgate does not support it: then `me` is nobody. */
  other: OtherAgent | null;
  lineageOf: LineageOf;
  at: string;
}

export function context(): Context {
  const paths = statePaths(stateDir());
  const { me, other } = lookAtCaller();
  const record = me.sessionId === null ? null : readSession(paths, me.sessionId);
  const lineageOf = lineages(paths, record, { at: 'later' });
  return { paths, me, other, lineageOf, at: new Date().toISOString() };
}

/** The context of a command that changes a build, or gives it to the owner that `flags` name. @throws StopgateError `other-agent`. */
export function contextOfChange({ ownerSession, ownerTmux }: OwnerFlags = {}): Context {
  const found = context();
  if (found.other !== null && !ownerSession && !ownerTmux) throw unsupported(found.other);
  return found;
}

/** The refusal of an agent whose stops stopgate does not gate. */
function unsupported(other: OtherAgent): StopgateError {
  const name = OTHER_AGENTS[other];
  return new StopgateError(
    'other-agent',
    `${name} runs this command. Expected Claude Code, Codex or a person in a terminal: a build belongs to one of ` +
      'these two agents, and no other agent can own or change one.',
    {
      hint:
        'Run it from the agent that owns the build, or in a terminal. A build for another agent names its owner: ' +
        'stopgate build start "<task>" --owner-session <session id>, or --owner-tmux <tmux session name>.',
    },
  );
}
