import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Build } from '../src/build/schema.ts';
import { keyBuilds } from '../src/build/store.ts';
import { serializeState } from '../src/state/json-file.ts';
import { host } from '../test/support/host.ts';
import { registered } from '../test/support/installed-tree.ts';
import { eventPayload } from '../test/support/payload.ts';
import type { Scratch } from '../test/support/scratch.ts';
import { readState } from '../test/support/state-files.ts';

type Host = 'claude' | 'codex';

/** One event of one session, as a host fires it. */
export interface Fired {
  name: string;
  place: Scratch;
  command: string;
  session: string;
  payload: string;
}

const STARTED = { source: 'startup' };

/** Lets Node see the start and the first prompt of a session, so that the launcher answers from then on. */
export async function meet(place: Scratch, as: Host, session: string): Promise<void> {
  for (const [verb, name, more] of [
    ['session', 'SessionStart', STARTED],
    ['prompt', 'UserPromptSubmit', { prompt: 'go' }],
  ] as const) {
    const input = eventPayload(name, session, place.project, more);
    await host(place, session).run({ command: registered(verb, as), input });
  }
}

/** The events of one turn of a session, and its start. */
export function eventsOf(place: Scratch, as: Host, session: string): Record<string, Fired> {
  const of = (name: string, verb: string, event: string, more: object): Fired => ({
    name: `${as}: ${name}`,
    place,
    command: registered(verb, as),
    session,
    payload: eventPayload(event, session, place.project, more),
  });
  return {
    prompt: of('a prompt', 'prompt', 'UserPromptSubmit', { prompt: 'go' }),
    stop: of('a stop', 'stop-gate-router', 'Stop', { stop_hook_active: false }),
    start: of('SessionStart', 'session', 'SessionStart', STARTED),
  };
}

/** Arms copies of the one build of a place, each another session's in another process and another directory. */
export function fillBuilds(place: Scratch, count: number): void {
  const build = readState(place);
  mkdirSync(place.paths.armedStop, { recursive: true });
  for (let n = 0; n < count; n += 1) {
    const id = `other-${n}`;
    const agent = { pid: 4_194_305 + n, start: 'boot:1' };
    const owner = build.owner && { ...build.owner, sessionId: `other-${n}`, agent, pane: null };
    const copy: Build = { ...build, id, owner, checkouts: [`/elsewhere/${n}`] };
    writeFileSync(place.paths.build(id), serializeState(copy));
    writeFileSync(join(place.paths.armedStop, id), `other-${n} ${agent.pid} boot:1\n`);
  }
  if (!keyBuilds(place.paths)) throw new Error('the builds could not be put under their keys');
}
