import * as z from 'zod/mini';
import { lazy } from '../state/lazy.ts';

/** Who keeps a session on purpose, since when, and why. */
export const retention = lazy(() =>
  z.looseObject({ by: z.string(), at: z.string(), reason: z.string() }),
);

/** Who said that a session may be cleaned up, and when; whatever the session does afterwards makes it void. */
export const release = lazy(() => z.looseObject({ by: z.string(), at: z.string() }));

export type Retention = z.infer<ReturnType<typeof retention>>;
export type Release = z.infer<ReturnType<typeof release>>;
