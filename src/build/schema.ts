import * as z from 'zod/mini';
import { ownerStamp } from '../owner/stamp.ts';
import { origin } from '../rights/origin.ts';
import { PHASES } from './phases.ts';

/** The version that this program writes; a newer one is left untouched and unread. */
export const BUILD_SCHEMA = 1;

/** How many blocks a build may cost, by size (docs/builds.md). */
export const SIZES = { small: 3, standard: 5, large: 10 } as const;
export type Size = keyof typeof SIZES;

const count = z.int().check(z.nonnegative());
const phase = z.enum(PHASES);

const budget = z.looseObject({
  /** Blocks of the owner, at most, over the life of the build. */
  limit: count,
  spent: count,
  /** Blocks in a row without progress. */
  streak: count,
  /** When the person was told that a budget is spent. */
  toldAt: z.nullable(z.string()),
  /** The moments (src/owner/moment.ts) of that, and of the last `build renew`. */
  cappedAt: z.optional(z.nullable(z.string())),
  renewedAt: z.optional(z.string()),
});

const step = z.looseObject({
  at: z.string(),
  description: z.string(),
  tests: z.optional(count),
  passing: z.optional(count),
});

const change = z.looseObject({
  at: z.string(),
  what: z.string(),
  from: z.optional(phase),
  to: z.optional(phase),
  note: z.optional(z.string()),
});

const waitedFor = z.looseObject({
  pid: z.int(),
  start: z.string(),
  namespace: z.optional(z.string()),
  what: z.string(),
  /** From then on it is no longer waited for. */
  until: z.optional(z.string()),
});

const failedCheck = z.looseObject({ command: z.string(), outcome: z.string(), tail: z.string() });

/** One build's state file, `builds/<id>.json`. Times are ISO 8601 in UTC. Unknown keys are kept. */
export const buildSchema = z.looseObject({
  schema: z.literal(BUILD_SCHEMA),
  id: z.string().check(z.regex(/^[a-z0-9-]{1,64}$/)),
  task: z.string(),
  size: z.enum(['small', 'standard', 'large']),
  phase,
  /** Where `resume` goes back to; set while paused. */
  pausedFrom: z.nullable(phase),
  pauseReason: z.nullable(z.string()),
  owner: z.nullable(ownerStamp),
  /** Real paths of the working trees that count as this build's checkout, the first one where the work is done. */
  checkouts: z.array(z.string()).check(z.minLength(1)),
  /** The commit that the checkout was last seen at; a new one is progress. */
  head: z.nullable(z.string()),
  checks: z.array(z.string()),
  /** Who had the checks written down; with what rights they run follows from it. */
  checksFrom: z.optional(origin),
  failedCheck: z.nullable(failedCheck),
  fixRounds: count,
  /** Processes that the build waits for; while one of them lives, its owner may stop. */
  waits: z.optional(z.array(waitedFor)),
  steps: z.array(step),
  budget,
  history: z.array(change),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export type Build = z.infer<typeof buildSchema>;
export type Change = z.infer<typeof change>;
export type Wait = z.infer<typeof waitedFor>;
export type FailedCheck = z.infer<typeof failedCheck>;
