/**
 * What moves a cursor, changes a terminal or ends a line: C0, DEL and C1; and what turns the direction of text around or
 * ends a line elsewhere.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const ACTIVE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Shows each active character as its escape sequence, `\x1b` or `\u202e`: a terminal has nothing to obey. Twice is once. */
export function escaped(text: string): string {
  return text.replace(ACTIVE, escapeOf);
}

/** Puts one space in the place of each run of active characters. */
export function blanked(text: string): string {
  return text.replace(ACTIVE, '\0').replaceAll(/\0+/g, ' ');
}

/**
 * For what a hook sends to its host: active characters but line breaks and tabs become blanks, and a lone surrogate,
 * which would make Codex drop the whole answer, is replaced.
 */
export function harmless(text: string): string {
  const isKept = (c: string) => c === '\n' || c === '\t';
  return text.replace(ACTIVE, (c) => (isKept(c) ? c : ' ')).replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Like {@link escaped}, for JSON: `JSON.stringify` escapes the C0 characters itself, and leaves line breaks of its own. */
export function escapedJson(json: string): string {
  return json.replace(ACTIVE, (c) => (c === '\n' ? c : unicode(c)));
}

function escapeOf(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : unicode(character);
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
