import * as z from 'zod/mini';
import type { Runner } from './runner.ts';

/** Who had a command written down: it says for good with which rights that command may run. Unknown keys are kept. */
export const origin = z.looseObject({
  /** `claude`, `codex`, `other` for an agent that has no sandbox of its own here, `person`. */
  by: z.string(),
  session: z.nullable(z.string()),
  /** It was written down from inside a sandbox. */
  contained: z.boolean(),
});

export type Origin = z.infer<typeof origin>;

export function originOf({ by, session, contained }: Runner): Origin {
  return { by, session, contained };
}
