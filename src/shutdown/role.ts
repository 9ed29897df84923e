import { rmSync } from 'node:fs';
import * as z from 'zod/mini';
import { machineId } from '../owner/machine.ts';
import { type AgentProcess, livenessOf, sameProcess } from '../owner/process.ts';
import { agentProcess, type PaneStamp, paneStamp } from '../owner/stamp.ts';
import { writeAtomic } from '../state/atomic.ts';
import { jsonNames, serializeState, type Versioned, valueIfAny } from '../state/json-file.ts';
import { lazy } from '../state/lazy.ts';
import type { StatePaths } from '../state/paths.ts';
import { disarmDead } from './armed.ts';
import { ROLE_NAME } from './role-name.ts';

/** A label that `stopgate run` bound to one process, `runtime/roles/<pid>.json`. Unknown keys are kept. */
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
  for (const pid of boundPids(paths)) {
    const before = readRoleFile(paths, pid);
    if (before !== null && livenessOf(before.agent) === 'dead') unbindRole(paths, before);
  }
  const bound: Role = { schema: 1, role, agent: { ...agent }, machine: machineId(), at, pane };
  writeAtomic(paths.role(agent.pid), serializeState(bound));
  return bound;
}

/** Takes a role's file away, unless its pid belongs to another process by now. */
export function unbindRole(paths: StatePaths, { agent }: Role): void {
  const found = readRoleFile(paths, agent.pid);
  if (sameProcess(found?.agent, agent)) rmSync(paths.role(agent.pid), { force: true });
}

/** The role of exactly this process, or `null`: a reused pid has another start time. */
export function roleOf(paths: StatePaths, agent: AgentProcess): Role | null {
  const found = readRoleFile(paths, agent.pid);
  return sameProcess(found?.agent, agent) && found?.machine === machineId() ? found : null;
}

/** The roles of living processes. */
export function livingRoles(paths: StatePaths): Role[] {
  const roles = boundPids(paths).flatMap((pid) => readRoleFile(paths, pid) ?? []);
  return roles.filter(
    ({ agent, machine }) => machine === machineId() && livenessOf(agent) === 'alive',
  );
}

/** The processes that a role was bound to; they need not live any more. */
export function boundPids(paths: StatePaths): number[] {
  return jsonNames(paths.roles).map(Number).filter(Number.isInteger);
}

function readRoleFile(paths: StatePaths, pid: number): Role | null {
  const as: Versioned<Role> = {
    version: 1,
    schema: roleSchema,
    fits: ({ agent }) => agent.pid === pid,
  };
  return valueIfAny(paths.role(pid), as);
}
