/** The phases of a build and the legal moves between them (docs/builds.md). */
export const PHASES = [
  'idle',
  'clarify',
  'planning',
  'executing',
  'verifying',
  'fixing',
  'hardening',
  'complete',
  'failed',
  'escalated',
  'paused',
] as const;

export type Phase = (typeof PHASES)[number];

/** More rounds of fixing than this escalate. */
export const MAX_FIX_ROUNDS = 3;

const MOVES: Readonly<Record<Phase, readonly Phase[]>> = {
  idle: ['clarify', 'planning', 'executing'],
  clarify: ['planning'],
  planning: ['executing'],
  executing: ['verifying', 'complete'],
  verifying: ['complete', 'fixing', 'hardening'],
  fixing: ['verifying'],
  hardening: ['complete'],
  complete: [],
  failed: [],
  escalated: [],
  paused: [],
};

const ENDS: readonly Phase[] = ['complete', 'failed', 'escalated'];

export function isTerminal(phase: Phase): boolean {
  return ENDS.includes(phase);
}

/** The phases that a build may move to; `failed`, `escalated` and `paused` are open to every unfinished one. */
export function nextPhases(phase: Phase): readonly Phase[] {
  if (isTerminal(phase)) return [];
  const anytime: Phase[] = ['failed', 'escalated'];
  return phase === 'paused' ? anytime : [...MOVES[phase], ...anytime, 'paused'];
}

export type Move =
  | { kind: 'moved'; to: Phase; fixRounds: number }
  | { kind: 'illegal'; open: readonly Phase[] };

/** Plans one move. One more round of fixing than {@link MAX_FIX_ROUNDS} lands in `escalated`. */
export function move(from: Phase, to: Phase, fixRounds: number): Move {
  const open = nextPhases(from);
  if (!open.includes(to)) return { kind: 'illegal', open };
  if (to !== 'fixing') return { kind: 'moved', to, fixRounds };
  const rounds = fixRounds + 1;
  return { kind: 'moved', to: rounds > MAX_FIX_ROUNDS ? 'escalated' : 'fixing', fixRounds: rounds };
}
