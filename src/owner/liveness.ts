import { machineId } from './machine.ts';
import { type AgentProcess, type Liveness, livenessOf } from './process.ts';

/** Tells whether a process that was written down on `machine` is still there; on another machine that is unknown. */
export function livenessOn(machine: string, agent: AgentProcess | null): Liveness {
  return machine === machineId() ? livenessOf(agent) : 'unknown';
}
