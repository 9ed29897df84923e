import { onTestFinished } from 'vitest';
import { type Agent, type AgentOptions, startAgent } from './agent.ts';
import { placeLauncher } from './installed-tree.ts';
import { makeScratch, type Scratch } from './scratch.ts';
import { type TmuxServer, tmuxServer } from './tmux-server.ts';

/** A scratch machine with the launcher in place; gone after the test. */
export function scratch(name?: string): Scratch {
  const place = makeScratch(name);
  onTestFinished(() => place.remove());
  placeLauncher(place);
  return place;
}

/** A scratch machine with a tmux server of its own; both are gone after the test. */
export interface World {
  place: Scratch;
  server: TmuxServer;
  agent(pane: string, sessionId: string, options?: AgentOptions): Promise<Agent>;
}

export function world(): World {
  const place = scratch();
  const server = tmuxServer(place);
  onTestFinished(() => server.stop());
  return {
    place,
    server,
    agent: (pane, sessionId, options) => startAgent(place, server, pane, sessionId, options),
  };
}
