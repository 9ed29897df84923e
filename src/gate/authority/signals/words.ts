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
  /** Matches, from end to end, a sentence by which the agent itself says that it goes on now. */
  goesOn?: RegExp;
}

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

/**
 * A lower-cased sentence that is one of these alternatives from its first word to its end: what begins like going on may
 * end as anything ("I'll run out of time").
 */
export function sentence(...alternatives: string[]): RegExp {
  return new RegExp(`^(?:${lettersOf(alternatives)})${END}$`);
}

/** What may follow: a word for now, and an explanation without a clause of its own. */
const END =
  '(?: now| next| jetzt| nun| ahora| maintenant)?(?:(?:: |, | [-–—] )(?!(?:its|pending|there|which|who) )(?:(?! (?:is|are|was|which|who|then) )[^.;:!?]){1,90}| \\([^().;!?]{1,60}\\))?[.:!… ]*';

function lettersOf(alternatives: readonly string[]): string {
  return alternatives.join('|').replaceAll('L', LETTER);
}
