import { toPhase } from '../../build/change.ts';
import { PHASES, type Phase } from '../../build/phases.ts';
import { StopgateError } from '../../errors.ts';
import { completeBuild } from './complete.ts';
import { change } from './update.ts';

/** `build phase P`: `complete` runs the checks as `build complete` does, and `paused` needs its reason. */
export async function movePhase(name: string, evidence?: string, id?: string): Promise<void> {
  const phase = phaseNamed(name);
  if (phase === 'complete') return completeBuild(id, evidence);
  if (phase === 'paused') {
    throw new StopgateError('usage', 'Pausing needs the question that a person shall answer.', {
      hint: 'stopgate build pause --reason "<question>"',
      exitCode: 2,
    });
  }
  change(
    id,
    (build, at) => toPhase(build, phase, at, evidence),
    (build) =>
      build.phase === phase
        ? `now in phase ${phase}`
        : `now ${build.phase}: ${build.fixRounds - 1} rounds of fixing are spent, a person has to take over`,
  );
}

function phaseNamed(name: string): Phase {
  const phase = PHASES.find((known) => known === name);
  if (phase) return phase;
  throw new StopgateError('usage', `There is no phase "${name}".`, {
    hint: `Expected one of: ${PHASES.join(', ')}`,
    exitCode: 2,
  });
}
