import { Command } from 'commander';
import { examine, type Finding } from '../config/doctor.ts';
import { migrate } from '../config/migrate.ts';
import { assertSafeState } from '../config/safe-state.ts';
import { type Place, placeOf } from '../config/site.ts';
import { currentDir } from '../cwd.ts';
import { StopgateError } from '../errors.ts';
import { dropLitter } from '../state/litter.ts';
import { VERSION } from '../version.ts';
import { type Line, print, printJson } from './print.ts';
import { thisRelease } from './release.ts';

/** `stopgate doctor`: whether everything that a hook needs is there and works. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .option('--fix', 'install again where that mends it, and drop what killed processes left')
    .option('--json', 'for programs')
    .action(doctor);
}

async function doctor(flags: { fix?: true; json?: true }): Promise<void> {
  const place = placeOf(currentDir(), process.env);
  let findings = await examine(place, VERSION);
  const isToMend = flags.fix === true && findings.some(({ fixable }) => fixable);
  const unmended = isToMend ? await mend(place) : null;
  if (isToMend) findings = await examine(place, VERSION);
  if (flags.json) printJson(findings);
  else print(...findings.flatMap(describe));
  if (unmended !== null) throw unmended;
  const broken = findings.filter(({ state }) => state === 'broken');
  if (broken.length === 0) return;
  throw new StopgateError('unwell', `${broken.length} of ${findings.length} checks failed.`, {
    ...(broken.some(({ fixable }) => fixable) && !flags.fix
      ? { hint: 'Try: stopgate doctor --fix' }
      : {}),
  });
}

/** Installs again and drops leftovers; what keeps it from that is returned, to be said after the findings. */
async function mend(place: Place): Promise<StopgateError | null> {
  try {
    assertSafeState();
    dropLitter(place.state, place.data);
    await migrate(place, thisRelease(), { restore: true });
    return null;
  } catch (error) {
    if (error instanceof StopgateError) return error;
    throw error;
  }
}

const COLOURS = { ok: 'green', warning: 'yellow', broken: 'red' } as const;

function describe({ check, state, what, hint }: Finding): Line[] {
  return [
    [{ colour: COLOURS[state], text: state.padEnd(8) }, ` ${check}: ${what}`],
    ...(hint?.split('\n') ?? []).map((line) => `         ${line}`),
  ];
}
