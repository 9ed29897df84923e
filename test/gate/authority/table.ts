import { readFileSync } from 'node:fs';
import type { Artifact, Evidence } from '../../../src/gate/authority/evidence.ts';
import { isNamed } from '../../../src/gate/authority/named.ts';
import { RULES, type Rule } from '../../../src/gate/authority/rule-set.ts';
import { signalsIn } from '../../../src/gate/authority/signals.ts';

export const NOW = Date.parse('2026-01-01T12:00:00Z');
export const DURABLE_PLAN = 'docs/plans/roadmap-v2.md';

/** One message, the situation it was said in, and the rule that a person chose for it. */
export interface Labelled {
  rule: Rule;
  context: string;
  message: string;
  /** The line of its header. */
  line: number;
}

/** The files of labelled messages; what each was used for is told in docs/authority.md. */
export const TABLES = [
  'tuning',
  'adversarial',
  'held-out',
  'held-out-2',
  'held-out-3',
  'held-out-4',
] as const;

/** Reads a table of messages: `== <rule> | <context>`, then the message up to the next header. */
export function readTable(name: (typeof TABLES)[number]): Labelled[] {
  const text = readFileSync(new URL(`messages/${name}.txt`, import.meta.url), 'utf8');
  const rows: Labelled[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const header = /^== (\S+) \|(.*)$/.exec(line);
    const row = rows.at(-1);
    if (header) {
      const rule = header[1] as Rule;
      if (!(rule in RULES)) throw new Error(`${name}.txt:${at + 1}: no rule is called ${rule}`);
      rows.push({ rule, context: header[2]?.trim() ?? '', message: '', line: at + 1 });
    } else if (row) row.message += `${line}\n`;
  }
  return rows.map((row) => ({ ...row, message: row.message.trimEnd() }));
}

/**
 * The evidence of a context, in words: `plan=D/T` D of T items of a committed plan done, changed in this session;
 * `newplan=D/T` one that it made; `oldplan=D/T`, `todo=D/T` committed before it; `commits=N` of the session, the last
 * `ago=MINUTES`; `dirty=N`; `unpushed=N`; `conflict`; `rebase`; `nostart` no record of the session; `nogit`.
 */
export function evidenceFor(context: string, message: string): Evidence {
  const signals = signalsIn(message);
  const facts = new Map(
    context.split(' ').map((word) => word.split('=') as [string, string | undefined]),
  );
  const number = (name: string, other = 0) => Number(facts.get(name) ?? other);
  const sessionStart = facts.has('nostart') ? null : new Date(NOW - 8 * 3600_000).toISOString();
  if (facts.has('nogit'))
    return { sessionStart, repository: null, commits: [], artifacts: [], signals };
  const lastAt = NOW - number('ago', 5) * 60_000;
  const commits = Array.from({ length: number('commits') }, (_, at) => ({
    id: String(at + 1).padStart(40, 'a'),
    at: new Date(lastAt - at * 60_000).toISOString(),
    subject: 'a commit',
  }));
  const artifacts = (['plan', 'newplan', 'oldplan', 'todo'] as const).flatMap((name) => {
    const items = facts.get(name);
    return items === undefined ? [] : [artifact(name, items, message, sessionStart === null)];
  });
  const repository = {
    checkout: '/repo',
    head: 'f'.repeat(40),
    branch: 'main',
    shallow: false,
    operation: facts.has('rebase') ? 'rebase' : null,
    changed: number('dirty'),
    conflicts: facts.has('conflict') ? 1 : 0,
    unpushed: number('unpushed'),
  };
  return {
    sessionStart,
    repository,
    commits: sessionStart === null ? [] : commits,
    artifacts,
    signals,
  };
}

function artifact(
  name: 'plan' | 'newplan' | 'oldplan' | 'todo',
  items: string,
  message: string,
  isUnknown: boolean,
): Artifact {
  const [done = 0, total = 0] = items.split('/').map(Number);
  const path = { plan: 'docs/plan.md', newplan: 'PLAN.md', oldplan: DURABLE_PLAN, todo: 'TODO.md' };
  const part = { plan: 'modified', newplan: 'created', oldplan: 'no', todo: 'no' } as const;
  const isNew = name === 'newplan';
  return {
    path: path[name],
    kind: name === 'todo' ? 'todo' : 'plan',
    dirty: isNew,
    introduced: isNew ? null : 'b'.repeat(40),
    latest: isNew ? null : 'b'.repeat(40),
    inSession: isUnknown ? 'unknown' : part[name],
    open: total - done,
    done,
    named: isNamed(path[name], message),
  };
}
