import { type AgentProcess, livenessOf } from './process.ts';

/** What came of a signal. `gone`: the process had ended by itself, so it ended nothing. */
export type Signalled = { kind: 'sent' } | { kind: 'gone' } | { kind: 'failed'; why: string };

/** Signals exactly the process that was proven: pid and start time, looked at right before. */
export function signalExactly(agent: AgentProcess, name: NodeJS.Signals): Signalled {
  const liveness = livenessOf(agent);
  if (liveness === 'unknown') return { kind: 'failed', why: 'its process cannot be read' };
  if (liveness === 'dead') return { kind: 'gone' };
  try {
    process.kill(agent.pid, name);
    return { kind: 'sent' };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return { kind: 'gone' };
    return { kind: 'failed', why: `${name} could not be sent: ${code}` };
  }
}
