/** The words that one language has for what the signals mean. What a language leaves out, it never says. */
export interface Words {
  /** The person is asked, or has to decide. */
  asks?: RegExp;
  /** Something that only a person can give is missing. */
  lacks?: RegExp;
  /** Something that the agent cannot get around. */
  blocked?: RegExp;
  /** Something else has to end or to happen first. */
  waits?: RegExp;
  /** All of the work is said to be done. */
  finished?: RegExp;
  /** A piece of the work is said to be done. */
  progress?: RegExp;
  /** The person is spoken to. */
  addresses?: RegExp;
  /** Conditions and denials. */
  hedges?: RegExp;
  /** Acts that reach beyond the working tree, or cannot be taken back. */
  risks?: RegExp;
  /** What an agent writes or takes when its work rests, and what idioms are made of. */
  rests?: RegExp;
  /** The ways to say, in one sentence from its first word to its end, that the agent itself goes on now. */
  goesOn?: readonly Way[];
}

/** A sentence in parts, each matched where the one before ended: in one piece they would take long to compile. */
export type Way = readonly RegExp[];

/**
 * The letters of the languages that are matched by words. A property class such as `\p{L}`, or a regular expression that
 * ignores case, takes milliseconds to compile, and a hook compiles each of these once: so the text is lower-cased instead.
 */
const LETTER = '[a-z\\u00df-\\u024f]';
const PART_OF_WORD = '[a-z0-9_\\u00df-\\u024f]';

/** Any of these alternatives as whole words of a lower-cased text; `L` stands for a letter. */
export function words(...alternatives: string[]): RegExp {
  return new RegExp(`(?<!${PART_OF_WORD})(?:${lettersOf(alternatives)})(?!${PART_OF_WORD})`);
}

/** One part of a lower-cased sentence. */
export function part(...alternatives: string[]): RegExp {
  return new RegExp(`^(?:${lettersOf(alternatives)})`);
}

/** What may follow the thing that is gone on with: a word for now, an explanation without a clause of its own. */
export const END: Way = [
  part('(?: (?:now|next|jetzt|nun|ahora|maintenant)(?!L))?'),
  part(
    '(?:(?: ?: |, | [-–—] )(?!(?:its|pending|there|which|who) )(?:(?! (?:is|are|was|which|who|then) )[^.;:!?])+| \\([^().;!?]+\\))?',
  ),
  part('[.:!… ]*$'),
];

/** A longer one says more than that. */
const SENTENCE = 160;

/** True when a lower-cased sentence goes one of these ways from its first character to its last. */
export function goes(sentence: string, ways: readonly Way[]): boolean {
  return (
    sentence.length <= SENTENCE &&
    ways.some((way) => {
      let rest: string | null = sentence;
      for (const next of way) {
        const match: RegExpExecArray | null = rest === null ? null : next.exec(rest);
        rest = match === null ? null : (rest ?? '').slice(match[0].length);
      }
      return rest === '';
    })
  );
}

function lettersOf(alternatives: readonly string[]): string {
  return alternatives.join('|').replaceAll('L', LETTER);
}
