import { oneLine } from '../../build/line.ts';
import type { Artifact, Evidence } from './evidence.ts';
import type { Answer, ContinueRule } from './rule-set.ts';

const NAME_BYTES = 120;

/** What every reminder ends with: the way out, and that there is no second one. */
const END =
  'If only a person can decide what comes next, ask. If the work is done or should rest, say so and stop: this stop is held only once.';

/** The text that the model receives, from templates alone: of an answer only the rule and what it points at count. */
export function reminderFor({ rule, pointers }: Answer, evidence: Evidence): string {
  const artifact = evidence.artifacts.find(({ path }) => pointers.includes(path));
  const commit = evidence.commits.find(({ id }) => pointers.includes(id));
  const at = commit ? ` The last commit of this session is ${commit.id.slice(0, 12)}.` : '';
  return `stopgate: ${TEMPLATES[rule as ContinueRule](artifact)}${at} Go on with it now. ${END} (${rule})`;
}

const TEMPLATES: Record<ContinueRule, (artifact: Artifact | undefined) => string> = {
  'plan-next-step-open': (artifact) =>
    `you said that you go on, and ${itemsOf(artifact)}, which this session works on.`,
  'durable-plan-continuation-safe': (artifact) =>
    `you said that you go on with ${nameOf(artifact)}, and ${itemsOf(artifact)}.`,
  'recent-commit-incremental': () =>
    'you said that you go on, and this session commits step by step.',
};

function itemsOf(artifact: Artifact | undefined): string {
  const open = artifact?.open ?? 0;
  const items = open === 0 ? 'steps are' : open === 1 ? '1 item is' : `${open} items are`;
  return `${items} open in ${nameOf(artifact)}`;
}

/** A file's name may be anybody's words: one line, quoted, bounded, of letters, digits and the marks of paths. */
function nameOf(artifact: Artifact | undefined): string {
  const safe = (artifact?.path ?? '').replace(/[^\p{L}\p{M}\p{N} ._/@+=,()-]/gu, '?');
  return `"${oneLine(safe, NAME_BYTES)}"`;
}
