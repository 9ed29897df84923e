import type { Artifact } from './evidence.ts';

/** Git lists these; which of them are artifacts is told by their names. */
export const ARTIFACT_ENDINGS = ['.md', '.mdx', '.txt', '.org', '.rst', '.adoc'];

/** What a project did not write itself, or wrote for a test. */
const NOT_OWN = /(^|\/)(node_modules|vendor|third_party|fixtures|testdata|__fixtures__|dist)\//i;

/** Such a name could pass for something else in what git prints. */
const NOT_ONE_LINE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** The words, apart from each other: `implementation-plan.md` is a plan, `planet.md` is none. */
const KINDS: [Artifact['kind'], RegExp][] = [
  ['plan', /(^|[-_. ])(plans?|roadmap|milestones?|phases?)([-_. ]|$)/i],
  ['spec', /(^|[-_. ])(specs?|specification|requirements|rfc)([-_. ]|$)/i],
  ['todo', /(^|[-_. ])(todos?|tasks?|checklist|backlog)([-_. ]|$)/i],
];

const TEXT_NAME = /\.(md|mdx|txt|org|rst|adoc)$/i;

/** What kind of artifact a path is by its name or the folder it is in, or `null`. */
export function artifactKind(path: string): Artifact['kind'] | null {
  if (NOT_OWN.test(path) || NOT_ONE_LINE.test(path)) return null;
  const parts = path.split('/');
  const file = parts.pop() ?? '';
  if (!TEXT_NAME.test(file) && !/^todo$/i.test(file)) return null;
  const name = file.replace(TEXT_NAME, '');
  for (const [kind, word] of KINDS) if (word.test(name)) return kind;
  const folder = parts.pop() ?? '';
  for (const [kind, word] of KINDS) if (word.test(folder)) return kind;
  return null;
}
