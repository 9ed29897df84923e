import { proseOf } from './prose.ts';
import { ENGLISH } from './signals/english.ts';
import { FRENCH } from './signals/french.ts';
import { GERMAN } from './signals/german.ts';
import { OTHERS } from './signals/other.ts';
import { SPANISH } from './signals/spanish.ts';
import { goes, type Words } from './signals/words.ts';

/** What the last message of an agent says, as far as it matters for a stop. */
export interface Signals {
  /** It holds words at all. */
  speaks: boolean;
  /** It speaks of the hook that asks here, or of its reminders. */
  selfReference: boolean;
  asks: boolean;
  lacks: boolean;
  blocked: boolean;
  waits: boolean;
  finished: boolean;
  /** A piece of it is said to be done. */
  progress: boolean;
  /** Its last sentence says that the agent itself goes on now, in a language that is known well enough. */
  goesOn: boolean;
  /** What forbids to take that sentence by its word; looked for only where there is one. */
  doubts: Doubt[];
}

export type Doubt = 'addresses-the-person' | 'hedged' | 'reaches-out' | 'announces-itself';

/** A message is judged by its end: what stands before so many characters is not looked at. */
const LOOK_AT = 6000;

const LANGUAGES: Words[] = [ENGLISH, GERMAN, FRENCH, SPANISH, OTHERS];

/** A message that begins with the end of the work. */
const FINISHED =
  /^(?:done|finished|completed?|all set|fixed|fertig|erledigt|terminé|fini|listo|hecho|terminado)\b/;

const SELF =
  /stop[-_ ]?gates?\b|stop[-_ ]hooks?\b|hook feedback|\bhooks?\b[^.\n]{0,40}\b(?:stop|block|fire)|\bremind(?:er|ers|ed|s)\b|erinner(?:t|ung)|\brappel\b|recordatorio/i;

/** An offer at the end of an answer asks for nothing. */
const COURTESY =
  /(?:(?:please )?(?:just )?let me know|feel free to (?:ask|tell)|happy to help|sag bescheid|melde? dich)[^.!?\n]{0,20}if (?:you(?:'d| would| need|'ve| have| want| run)?|there(?:'s| is)|any)[^.!?\n]{0,60}(?:any ?thing|else|questions?|changed|adjust(?:ed|ments)?|further|problems?|issues?)[^.!?\n]*/gi;

/** Text by which a message tries to speak for the authority. */
const ANNOUNCED =
  /\b(?:decision|verdict|rule|pointers?)\b["']?\s*[:=]|\b(?:plan-next-step-open|durable-plan-continuation-safe|recent-commit-incremental)\b|ignore (?:all |the |any )?previous|system prompt/i;

/** Reads the signals of a message. Pure and deterministic; every doubt counts against going on. */
export function signalsIn(message: string): Signals {
  const whole = message.slice(-LOOK_AT).normalize('NFKC');
  const prose = proseOf(whole);
  const text = prose.lines.join('\n').toLowerCase();
  const asking = text.replace(COURTESY, '');
  const goesOn = saysToGoOn(prose.lastSentence?.toLowerCase() ?? '');
  return {
    speaks: text !== '',
    selfReference: SELF.test(whole),
    asks: /[?？؟]/.test(asking) || says('asks', asking),
    lacks: says('lacks', asking),
    blocked: says('blocked', text),
    waits: says('waits', text),
    finished: FINISHED.test(text) || says('finished', text),
    progress: says('progress', text),
    goesOn,
    doubts: goesOn ? doubtsOf(whole, text) : [],
  };
}

function says(key: Exclude<keyof Words, 'goesOn'>, text: string): boolean {
  return LANGUAGES.some((language) => language[key]?.test(text) === true);
}

function saysToGoOn(sentence: string): boolean {
  return LANGUAGES.some(
    ({ goesOn, rests }) => goesOn && goes(sentence, goesOn) && !rests?.test(sentence),
  );
}

function doubtsOf(whole: string, text: string): Doubt[] {
  const end = text.slice(text.lastIndexOf('\n') + 1);
  const doubts: [Doubt, boolean][] = [
    ['addresses-the-person', says('addresses', text)],
    ['hedged', says('hedges', end)],
    ['reaches-out', says('risks', end)],
    ['announces-itself', ANNOUNCED.test(whole)],
  ];
  return doubts.flatMap(([doubt, holds]) => (holds ? [doubt] : []));
}
