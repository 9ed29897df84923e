import { SIZES } from '../build/schema.ts';
import { PER_HOUR, type Settings } from './schema.ts';

/** The reminders that hold where nobody says another number. */
const USUAL = { ...SIZES, perHour: PER_HOUR };
const BUDGETS = ['small', 'standard', 'large', 'perHour'] as const;

/** What a project may switch off, and never on. */
const SWITCHES = ['checksOnStop', 'logPreviews'] as const;

/**
 * The settings that hold in a project: a person's own, where the project's may only lower them. A project may come from
 * anybody, so nothing in its file starts a program, holds a session longer, keeps more of what was said, or ends a session.
 */
export function lowered(own: Settings, project: Settings): Settings {
  const off = SWITCHES.filter((key) => project[key] === false);
  const budget = Object.fromEntries(
    BUDGETS.flatMap((key) => {
      const [mine, theirs] = [own.budget?.[key], project.budget?.[key]];
      if (theirs === undefined) return mine === undefined ? [] : [[key, mine]];
      return [[key, Math.min(theirs, mine ?? USUAL[key])]];
    }),
  );
  return { ...own, ...Object.fromEntries(off.map((key) => [key, false])), budget };
}

/** What a project's file says in vain, and why. */
export function unheeded(own: Settings, project: Settings): string[] {
  const { authority, shutdownAfterIdle, ignoreBackground } = project;
  const more = (ignoreBackground ?? []).filter((text) => !own.ignoreBackground?.includes(text));
  return [
    ...SWITCHES.filter((key) => project[key] === true && own[key] !== true),
    ...(authority && JSON.stringify(authority) !== JSON.stringify(own.authority)
      ? [`authority.kind ${authority.kind}`]
      : []),
    ...(more.length > 0 ? ['ignoreBackground'] : []),
    ...(shutdownAfterIdle ? ['shutdownAfterIdle'] : []),
  ]
    .map((key) => `${key} counts in a person's own settings only`)
    .concat(
      BUDGETS.flatMap((key) => {
        const [mine, theirs] = [own.budget?.[key] ?? USUAL[key], project.budget?.[key] ?? 0];
        return theirs > mine
          ? [`budget.${key} ${theirs}: a project may only lower the ${mine} that hold`]
          : [];
      }),
    );
}
