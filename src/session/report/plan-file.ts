import * as z from 'zod/mini';
import { errnoOf, StopgateError } from '../../errors.ts';
import { writeAtomic } from '../../state/atomic.ts';
import { serializeState } from '../../state/json-file.ts';
import { lazy } from '../../state/lazy.ts';
import { readText, STATE_BYTES } from '../../state/read-file.ts';
import type { Action } from './plan.ts';

const planSchema = lazy(() =>
  z.looseObject({
    schema: z.literal(1),
    at: z.iso.datetime(),
    olderThanMs: z.nullable(z.number()),
    actions: z.array(z.looseObject({ do: z.string() })),
    digest: z.string(),
  }),
);

/** What a cleanup would do, for a person to read and to have carried out later. */
export interface Plan {
  at: string;
  olderThanMs: number | null;
  actions: Action[];
}

/** Writes a plan; it may say nothing but what the digest covers. */
export function writePlan(path: string, plan: Plan): void {
  writeAtomic(path, serializeState({ schema: 1, ...plan, digest: digestOf(plan) }));
}

/** Reads a plan that is exactly as it was written. @throws StopgateError `no-plan`, `bad-plan`. */
export function readPlan(path: string): Plan {
  const found = planSchema().safeParse(parsed(path));
  if (!found.success) throw badPlan(path, 'is no plan of stopgate session report');
  const { at, olderThanMs, digest } = found.data;
  const plan: Plan = { at, olderThanMs, actions: found.data.actions as unknown as Action[] };
  if (digestOf(plan) !== digest) throw badPlan(path, 'was changed after it was written');
  return plan;
}

function digestOf({ at, olderThanMs, actions }: Plan): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256')
    .update(JSON.stringify([at, olderThanMs, actions]))
    .digest('hex');
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readText(path, STATE_BYTES));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT')
      throw new StopgateError('no-plan', `There is no plan at ${path}.`, {
        hint: 'Write one with: stopgate session report --older-than D --plan FILE',
      });
    return null;
  }
}

function badPlan(path: string, what: string): StopgateError {
  return new StopgateError('bad-plan', `${path} ${what}.`, {
    hint: 'Write it anew with: stopgate session report --older-than D --plan FILE',
  });
}
