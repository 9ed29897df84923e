import { readFileSync, rmSync } from 'node:fs';
import { errnoOf } from '../errors.ts';
import { codexRulesPath, planRules, RULES_TEXT } from '../hosts/codex/rules.ts';
import { writeAtomic } from '../state/atomic.ts';
import type { Place } from './site.ts';

/** What became of our own file among Codex's rules; `kept`: a person changed it. */
export interface RulesReport {
  readonly path: string;
  readonly kind: 'written' | 'removed' | 'unchanged' | 'kept';
}

/** Puts our rules file in place, unless something else is there. */
export function placeRules({ env }: Place, dryRun: boolean): RulesReport {
  const path = codexRulesPath(env);
  const plan = planRules(textOf(path));
  if (plan.kind !== 'write') return { path, kind: plan.kind };
  if (!dryRun) writeAtomic(path, plan.text, 0o644);
  return { path, kind: 'written' };
}

/** Removes our rules file while it is as we wrote it. */
export function removeRules({ env }: Place, dryRun: boolean): RulesReport {
  const path = codexRulesPath(env);
  const text = textOf(path);
  if (text === null) return { path, kind: 'unchanged' };
  if (text !== RULES_TEXT) return { path, kind: 'kept' };
  if (!dryRun) rmSync(path);
  return { path, kind: 'removed' };
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
