import * as z from 'zod/mini';
import { type Answer, RULES, type Rule } from './rule-set.ts';

/** Nothing that needs more pointers is decided at a stop. */
const POINTERS = 8;

export type Parsed = { kind: 'answer'; answer: Answer } | { kind: 'invalid'; why: string };

/** Reads what a program or an endpoint answered: one JSON object, and nothing else. */
export function parseAnswer(text: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalid('the answer is not one JSON value');
  }
  const result = answerSchema().safeParse(value);
  if (result.success) return { kind: 'answer', answer: result.data };
  const where = result.error.issues[0]?.path.join('.') || 'the whole';
  return invalid(`the answer has the wrong shape at: ${where}`);
}

function answerSchema(): z.ZodMiniType<Answer> {
  const rules = Object.keys(RULES) as [Rule, ...Rule[]];
  return z.strictObject({
    decision: z.enum(['continue', 'allow', 'escalate']),
    rule: z.enum(rules),
    pointers: z.array(z.string().check(z.maxLength(4096))).check(z.maxLength(POINTERS)),
  });
}

function invalid(why: string): Parsed {
  return { kind: 'invalid', why };
}
