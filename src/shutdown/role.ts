import { rmSync } from 'node:fs';
import * as z from 'zod/mini';
import { machineId } from '../owner/machine.ts';
import { INITIAL_NAMESPACE } from '../owner/namespace.ts';
import { type AgentProcess, livenessOf, sameProcess } from '../owner/process.ts';
import { agentProcess, type PaneStamp, paneStamp } from '../owner/stamp.ts';
import { writeAtomic } from '../state/atomic.ts';
import { jsonNames, serializeState, type Versioned, valueIfAny } from '../state/json-file.ts';
import { lazy } from '../state/lazy.ts';
import type { StatePaths } from '../state/paths.ts';
import { disarmDead } from './armed.ts';
import { ROLE_NAME } from './role-name.ts';

/**
 * A label that `stopgate run` bound to one process, `runtime/roles/<pid>.json`; in a nested PID namespace
 * `<pid>@<namespace>.json`, because containers count the same pids. Unknown keys are kept.
 */
const roleSchema = lazy(() =>
  z.looseObject({
    schema: z.literal(1),
    role: z.string().check(z.regex(ROLE_NAME)),
    agent: agentProcess,
    machine: z.string(),
    at: z.string(),
    /** The pane that it was started in, as far as that was proven. */
    pane: z.optional(z.nullable(paneStamp)),
  }),
);

export type Role = z.infer<ReturnType<typeof roleSchema>>;

/** Binds a role to a process, for as long as that very process lives. Returns what takes the file away again. */
export function bindRole(
  paths: StatePaths,
  role: string,
  agent: AgentProcess,
  at: string,
  pane: PaneStamp | null = null,
): Role {
  disarmDead(paths);
  for (const name of boundNames(paths)) {
    const before = readRoleFile(paths, name);
    if (before !== null && livenessOf(before.agent) === 'dead') unbindRole(paths, before);
  }
  const bound: Role = { schema: 1, role, agent: { ...agent }, machine: machineId(), at, pane };
  writeAtomic(paths.role(nameOf(agent)), serializeState(bound));
  return bound;
}

/** Takes a role's file away, unless its pid belongs to another process by now. */
export function unbindRole(paths: StatePaths, { agent }: Role): void {
  for (const name of namesOf(agent)) {
    const found = readRoleFile(paths, name);
    if (sameProcess(found?.agent, agent)) rmSync(paths.role(name), { force: true });
  }
}

/** The role of exactly this process, or `null`: a reused pid has another start time. */
export function roleOf(paths: StatePaths, agent: AgentProcess): Role | null {
  const found = namesOf(agent).flatMap((name) => readRoleFile(paths, name) ?? []);
  const machine = machineId();
  const isOwn = (role: Role) => sameProcess(role.agent, agent) && role.machine === machine;
  return found.find(isOwn) ?? null;
}

/** The roles of living processes. */
export function livingRoles(paths: StatePaths): Role[] {
  const roles = boundNames(paths).flatMap((name) => readRoleFile(paths, name) ?? []);
  return roles.filter(
    ({ agent, machine }) => machine === machineId() && livenessOf(agent) === 'alive',
  );
}

/** The names of the files of all roles; the processes need not live any more. */
export function boundNames(paths: StatePaths): string[] {
  return jsonNames(paths.roles).filter((name) => /^\d+(@|$)/.test(name));
}

function nameOf({ pid, namespace = INITIAL_NAMESPACE }: AgentProcess): string {
  return namespace === INITIAL_NAMESPACE ? String(pid) : `${pid}@${namespace.replace(':', '-')}`;
}

/** Stopgate 0.1 named the file by the pid alone, in a container too. */
function namesOf(agent: AgentProcess): string[] {
  return [...new Set([nameOf(agent), String(agent.pid)])];
}

function readRoleFile(paths: StatePaths, name: string): Role | null {
  const as: Versioned<Role> = {
    version: 1,
    schema: roleSchema,
    fits: ({ agent }) => namesOf(agent).includes(name),
  };
  return valueIfAny(paths.role(name), as);
}
