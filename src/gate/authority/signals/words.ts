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
  /** The person is spoken to. */
  addresses?: RegExp;
  /** Conditions and denials. */
  hedges?: RegExp;
  /** Acts that reach beyond the working tree, or cannot be taken back. */
  risks?: RegExp;
  /** Matches a whole sentence by which the agent itself says that it goes on now. */
  goesOn?: RegExp;
}

/** Any of these alternatives as whole words; `\b` knows only ASCII. */
export function words(...alternatives: string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}_])`, 'iu');
}

/** A sentence that begins with one of these alternatives. */
export function begins(...alternatives: string[]): RegExp {
  return new RegExp(`^(?:${alternatives.join('|')})(?![\\p{L}\\p{N}_])`, 'iu');
}
