import type { Agent } from './agent.ts';
import { registered } from './installed-tree.ts';
import { eventPayload } from './payload.ts';
import type { Scratch } from './scratch.ts';

/** What the session hook answered. */
export interface SessionOutput {
  hookSpecificOutput?: { additionalContext: string };
  systemMessage?: string;
}

/** Fires an event at the session hook as the host does, from the agent's process, in the project or in `cwd`. */
export async function fire(
  place: Scratch,
  agent: Agent,
  event: string,
  { cwd = place.project, ...more }: { cwd?: string; [key: string]: unknown } = {},
): Promise<SessionOutput> {
  const input = eventPayload(event, agent.sessionId, cwd, more);
  const verb = event === 'UserPromptSubmit' ? 'prompt' : 'session';
  const ran = await agent.run(registered(verb, agent.host), { input, cwd });
  if (ran.code !== 0 || ran.stderr !== '') throw new Error(`exit ${ran.code}: ${ran.stderr}`);
  return JSON.parse(ran.stdout);
}

/** A session starts, by default as a new one. */
export const begin = (place: Scratch, agent: Agent, source = 'startup', cwd = place.project) =>
  fire(place, agent, 'SessionStart', { source, cwd });

/** A person writes a prompt. */
export const prompt = (place: Scratch, agent: Agent, text = 'go on') =>
  fire(place, agent, 'UserPromptSubmit', { prompt: text });

/** The agent ends as a host does when a person leaves it: SessionEnd, then its process. */
export async function leave(place: Scratch, agent: Agent): Promise<void> {
  await fire(place, agent, 'SessionEnd', { reason: 'prompt_input_exit' });
  await agent.exit();
}

/** What `/clear` does: the old session ends, and another one starts in the same process. */
export async function clear(place: Scratch, agent: Agent, sessionId: string): Promise<Agent> {
  await fire(place, agent, 'SessionEnd', { reason: 'clear' });
  const cleared = await agent.clear(sessionId);
  await begin(place, cleared, 'clear');
  return cleared;
}
