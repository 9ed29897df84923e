import type { Evidence } from './evidence.ts';
import type { Git } from './git.ts';
import { type Answer, type ContinueRule, RULES } from './rule-set.ts';
import { stillTrue } from './still-true.ts';

type PointerKind = 'artifact' | 'commit';

/** What a rule that holds a session has to point at. */
const NEEDS: Record<ContinueRule, PointerKind> = {
  'plan-next-step-open': 'artifact',
  'durable-plan-continuation-safe': 'artifact',
  'recent-commit-incremental': 'commit',
};

/** Says what is wrong with an answer, whoever gave it, or `null`: only then it may be acted on. */
export async function whatIsWrong(
  { decision, rule, pointers }: Answer,
  evidence: Evidence,
  git: () => Git,
): Promise<string | null> {
  if (RULES[rule] !== decision) return `${rule} means ${RULES[rule]}, not ${decision}`;
  const known = pointersOf(evidence);
  if (pointers.some((pointer) => !known.has(pointer))) return 'a pointer is not in the evidence';
  const needed = decision === 'continue' ? NEEDS[rule as ContinueRule] : null;
  if (needed !== null && !pointers.some((pointer) => known.get(pointer) === needed))
    return `${rule} has to point at one ${needed} at least`;
  if (pointers.length === 0) return null;
  const kinds = (kind: PointerKind) => pointers.filter((pointer) => known.get(pointer) === kind);
  return stillTrue(evidence, kinds('artifact'), kinds('commit'), git());
}

/** Everything that can be pointed at: paths of artifacts, and commits in full. */
function pointersOf({ repository, artifacts, commits }: Evidence): Map<string, PointerKind> {
  const known = new Map<string, PointerKind>();
  const ids = artifacts.flatMap(({ introduced, latest }) => [introduced, latest]);
  for (const id of [repository?.head ?? null, ...ids, ...commits.map((commit) => commit.id)])
    if (id !== null) known.set(id, 'commit');
  for (const { path } of artifacts) known.set(path, 'artifact');
  return known;
}
