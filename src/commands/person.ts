import { StopgateError } from '../errors.ts';
import { agentAbove } from '../owner/agent.ts';
import { ancestors } from '../owner/process.ts';

/** Refuses below an agent what only a person may grant. @throws StopgateError `needs-person`. */
export function assertPerson(command: string): void {
  const agent = agentAbove(ancestors(process.pid));
  if (agent === null) return;
  const message = `stopgate ${command} gives an agent rights, and ${agent.kind} (process ${agent.info.pid}) runs this one.`;
  throw new StopgateError('needs-person', message, {
    hint: `A person can run it, in a terminal of their own: stopgate ${command}`,
  });
}
