/** A stream of numbers that a seed fixes, so that every case can be played again. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from 0 to `below` - 1. */
  upTo(below: number): number;
  pick<T>(from: readonly T[]): T;
  chance(share: number): boolean;
}

/** Makes the stream of `words`: the same words give the same numbers on every machine (mulberry32). */
export function randomOf(...words: (string | number)[]): Random {
  let state = hash(words.join('\0'));
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (below: number) => Math.floor(next() * below);
  return {
    next,
    upTo,
    pick<T>(from: readonly T[]): T {
      if (from.length === 0) throw new Error('expected something to pick from');
      return from[upTo(from.length)] as T;
    },
    chance: (share) => next() < share,
  };
}

/** Puts `items` in an order that `random` decides; the list itself stays as it is. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
}
