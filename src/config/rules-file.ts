import { rmSync } from 'node:fs';
import { errnoOf } from '../errors.ts';
import { codexRulesPath, isOlderText, planRules, RULES_TEXT } from '../hosts/codex/rules.ts';
import { writeAtomic } from '../state/atomic.ts';
import { readText, STATE_BYTES } from '../state/read-file.ts';
import { sha256 } from './backup.ts';
import { readManifest, updateManifest } from './manifest.ts';
import type { Place } from './site.ts';

/** What became of our own file among Codex's rules; `kept`: a person changed it, `absent`: nobody asked for it. */
export interface RulesReport {
  readonly path: string;
  readonly kind: 'written' | 'removed' | 'unchanged' | 'kept' | 'absent';
}

/** Puts our rules file in place, also where an older stopgate wrote it; what somebody else wrote stays. */
export function placeRules(place: Place, dryRun: boolean): RulesReport {
  const path = codexRulesPath(place.env);
  const current = textOf(path);
  const plan = planRules(current, isAsWritten(place, path, current));
  if (plan.kind === 'kept') return { path, kind: 'kept' };
  if (!dryRun && plan.kind === 'write') writeAtomic(path, plan.text, 0o644);
  if (!dryRun) remember(place, path, sha256(RULES_TEXT));
  return { path, kind: plan.kind === 'write' ? 'written' : 'unchanged' };
}

/** As {@link placeRules}, for who was not asked: a file that is not there stays away. */
export function updateRules(place: Place, dryRun: boolean): RulesReport {
  const path = codexRulesPath(place.env);
  return textOf(path) === null ? { path, kind: 'absent' } : placeRules(place, dryRun);
}

/** Removes our rules file while it is as we wrote it. */
export function removeRules(place: Place, dryRun: boolean): RulesReport {
  const path = codexRulesPath(place.env);
  const text = textOf(path);
  const isOurs = text === RULES_TEXT || isAsWritten(place, path, text);
  if (text !== null && !isOurs && !isOlderText(text)) return { path, kind: 'kept' };
  if (!dryRun && text !== null) rmSync(path);
  if (!dryRun) remember(place, path, null);
  return { path, kind: text === null ? 'unchanged' : 'removed' };
}

function isAsWritten({ data }: Place, path: string, text: string | null): boolean {
  return text !== null && readManifest(data).rules?.[path] === sha256(text);
}

/** Writes down what we wrote, which tells it from a person's in the next version. */
function remember({ data, state }: Place, path: string, hash: string | null): void {
  if ((readManifest(data).rules?.[path] ?? null) === hash) return;
  updateManifest(data, state, ({ rules = {}, ...manifest }) => {
    const { [path]: _, ...others } = rules;
    return { ...manifest, rules: hash === null ? others : { ...others, [path]: hash } };
  });
}

function textOf(path: string): string | null {
  try {
    return readText(path, STATE_BYTES);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
