import type { Candidate } from '../../src/build/gate.ts';
import type { Build } from '../../src/build/schema.ts';
import type { Match } from '../../src/owner/match.ts';
import { stampOf } from '../owner/make.ts';

export const AT = '2026-01-01T00:00:00.000Z';
export const LATER = '2026-01-01T01:00:00.000Z';

/** An open build in phase `executing`, of size standard, that nobody was reminded of yet. */
export function buildOf(changes: Partial<Build> = {}): Build {
  return {
    schema: 1,
    id: 'add-a-parser-a1b2c3',
    task: 'add a parser',
    size: 'standard',
    phase: 'executing',
    pausedFrom: null,
    pauseReason: null,
    owner: stampOf(),
    checkouts: ['/repo'],
    head: null,
    checks: [],
    failedCheck: null,
    fixRounds: 0,
    steps: [],
    budget: { limit: 5, spent: 0, streak: 0, toldAt: null },
    history: [{ at: AT, what: 'started', to: 'executing' }],
    createdAt: AT,
    updatedAt: AT,
    ...changes,
  };
}

export const budgetOf = (changes: Partial<Build['budget']> = {}) => ({
  ...buildOf().budget,
  ...changes,
});

/** Answers of the ladder, by name. */
export const MATCHES = {
  owner: { answer: 'owner', row: 2, inherited: false, restamp: false, facts: ['session'] },
  heir: { answer: 'owner', row: '3b', inherited: true, restamp: true, facts: ['pane'] },
  restarted: { answer: 'owner', row: 6, inherited: true, restamp: true, facts: ['session'] },
  foreign: { answer: 'foreign', row: 8, facts: ['nothing'] },
  unowned: { answer: 'unowned', row: 1, facts: ['no stamp'] },
  unknown: { answer: 'unknown-identity', row: 9, facts: ['nobody'] },
} satisfies Record<string, Match>;

export function candidateOf(match: keyof typeof MATCHES, changes: Partial<Build> = {}): Candidate {
  return { build: buildOf(changes), match: MATCHES[match] };
}
