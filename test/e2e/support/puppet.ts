import type { Answer, Script, Turn } from './model-server.ts';

/**
 * A model that does what the person types, and says on the screen whether the gate held it:
 * `run COMMAND` runs the command and ends the turn with `Ran.`; any other prompt ends the turn with `Free.`. Held by the
 * gate, it pauses its build and ends the turn with `Held.`.
 */
export const puppet: Script = (turn) => {
  const { said, ran } = lastMove(turn);
  if (isFeedback(said)) return ran ? { say: 'Held.' } : PAUSE;
  const [, command] = /^run (.*)/s.exec(said) ?? [];
  if (command === undefined) return { say: 'Free.' };
  return ran ? { say: 'Ran.' } : { run: command };
};

const PAUSE: Answer = { run: 'stopgate build pause --reason "the puppet was held"' };

/** Starts a build with as many words as a puppet's `run` needs. */
export const START = 'run stopgate build start "Add a greeting"';

/** What a person or a hook said last, and whether a command has run since. */
function lastMove({ story }: Turn): { said: string; ran: boolean } {
  const at = story.findLastIndex((one) => 'said' in one);
  const last = story[at];
  return { said: last && 'said' in last ? last.said : '', ran: at < story.length - 1 };
}

function isFeedback(said: string): boolean {
  return said.includes('stopgate build') && !said.startsWith('run ');
}
