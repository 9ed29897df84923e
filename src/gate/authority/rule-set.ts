/** What an authority may say of a stop, and the one decision that each rule carries. The ids never change. */
export const RULES = {
  'plan-next-step-open': 'continue',
  'durable-plan-continuation-safe': 'continue',
  'recent-commit-incremental': 'continue',
  'question-for-person': 'allow',
  'missing-information': 'allow',
  'blocking-error': 'allow',
  'work-complete': 'allow',
  'self-reference': 'allow',
  'insufficient-signal': 'escalate',
} as const;

export type Rule = keyof typeof RULES;
export type AuthorityDecision = (typeof RULES)[Rule];
export type ContinueRule = {
  [R in Rule]: (typeof RULES)[R] extends 'continue' ? R : never;
}[Rule];

/** One answer of an authority; a pointer is a path or a commit of the evidence, to the letter. */
export interface Answer {
  decision: AuthorityDecision;
  rule: Rule;
  pointers: string[];
}
