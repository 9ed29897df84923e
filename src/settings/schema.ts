import * as z from 'zod/mini';
import { ROLE_NAME } from '../shutdown/role-name.ts';
import { lazy } from '../state/lazy.ts';

/** How many blocks a session may get in an hour, over all its builds and the authority, unless it is set. */
export const PER_HOUR = 20;

/** A settings file: `config.json` of a person, `stopgate.config.json` of a project (docs/settings.md). */
export const settingsSchema = lazy(() => {
  const count = z.int().check(z.minimum(1), z.maximum(1000));
  const authority = z.discriminatedUnion('kind', [
    z.looseObject({ kind: z.literal('rules') }),
    z.looseObject({ kind: z.literal('command'), command: z.string().check(z.minLength(1)) }),
    z.looseObject({ kind: z.literal('http'), url: z.url({ protocol: /^https?$/ }) }),
  ]);
  const shutdownRule = z.looseObject({
    role: z.string().check(z.regex(ROLE_NAME)),
    tool: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,200}$/)),
    host: z.optional(z.enum(['claude', 'codex'])),
    successPattern: z.optional(z.string().check(z.refine(isPattern, 'is no regular expression'))),
    kill: z.optional(z.boolean()),
  });
  return z.looseObject({
    $schema: z.optional(z.string()),
    /** Who judges the stops that no build covers; nobody unless it is set. */
    authority: z.optional(authority),
    /** Run the build's `--check` commands when its owner stops, so that a failing one is in the reason. */
    checksOnStop: z.optional(z.boolean()),
    /** Reminders by size of the build, for builds started from now on, and the bound for one hour. */
    budget: z.optional(
      z.looseObject({
        small: z.optional(count),
        standard: z.optional(count),
        large: z.optional(count),
        perHour: z.optional(count),
      }),
    ),
    /** Background commands that never end, such as a dev server, by any text in them: no session waits for these. */
    ignoreBackground: z.optional(z.array(z.string().check(z.minLength(1)))),
    /** Keep the first 200 characters of an agent's last message in the log. */
    logPreviews: z.optional(z.boolean()),
    /** Which successful tool of which role hands off, so that its session ends once it is idle; a person's own only. */
    shutdownAfterIdle: z.optional(z.array(shutdownRule)),
  });
});

export type Settings = z.infer<ReturnType<typeof settingsSchema>>;
export type ShutdownRule = NonNullable<Settings['shutdownAfterIdle']>[number];
export type AuthorityConfig = NonNullable<Settings['authority']>;

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'm') !== null;
  } catch {
    return false;
  }
}
