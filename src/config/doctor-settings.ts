import { messageOf } from '../errors.ts';
import { readGate } from '../gate/mode.ts';
import { examineSettings } from '../settings/examine.ts';
import type { Finding } from './doctor.ts';
import type { Place } from './site.ts';

/** Settings files that cannot be read, values that are wrong, keys that nobody knows. */
export function settingsFindings({ env, project }: Place): Finding[] {
  const check = 'settings';
  const { found, problems } = examineSettings(project, env);
  const sound = found.filter((path) => problems.every((problem) => problem.path !== path));
  return [
    ...sound.map((path): Finding => ({ check, state: 'ok', what: path })),
    ...problems.map(
      ({ path, what, counts }): Finding => ({
        check,
        state: counts ? 'warning' : 'broken',
        what: `${path}: ${what}`,
        ...(counts ? {} : { hint: 'Nothing in that file counts until it is mended.' }),
      }),
    ),
  ];
}

/** Whatever has every stop approved. */
export function killSwitchFinding({ env, state }: Place): Finding {
  const check = 'kill switch';
  if (env.STOPGATE_DISABLE === '1')
    return { check, state: 'warning', what: 'STOPGATE_DISABLE=1: every stop is approved' };
  try {
    const { killedAt, mode } = readGate(state);
    if (killedAt === null && mode !== 'off') return { check, state: 'ok', what: 'off' };
    const hint = killedAt === null ? 'stopgate gate mode default' : 'stopgate gate kill off';
    const what =
      killedAt === null
        ? 'the mode is off: every stop is approved, but in projects with a mode of their own'
        : `on since ${killedAt}: every stop is approved`;
    return { check, state: 'warning', what, hint };
  } catch (error) {
    return { check, state: 'broken', what: `${messageOf(error)} Every stop is approved.` };
  }
}
