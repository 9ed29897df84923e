/** What keeps a text from being JSON, with the line and the column where an editor finds it. Node says it in its own way. */
export function jsonErrorText(text: string, message: string): string {
  const before = text.slice(0, offsetIn(text, message)).replace(/^\uFEFF/, '');
  const lines = before.split(/\r\n|\n|\r/);
  const column = (lines.at(-1)?.length ?? 0) + 1;
  const what = message.replace(/(?: in JSON)? at position .*$|, (?:\.{3})?".*$/s, '');
  const shown = what.replace(/\p{Cc}/gu, (one) => JSON.stringify(one).slice(1, -1));
  return `line ${lines.length}, column ${column}: ${shown}`;
}

/** Node names the offset of most errors; of a token, what stands around it. */
function offsetIn(text: string, message: string): number {
  const [, offset] = /\bat position (\d+)/.exec(message) ?? [];
  if (offset !== undefined) return Number(offset);
  return TOKEN.test(message) ? firstToken(text) : text.length;
}

const TOKEN = /^Unexpected token /;

/** Where the token is: the shortest part of the text, from its start, that fails for a token ends with it. */
function firstToken(text: string): number {
  let [without, within] = [0, text.length];
  while (within - without > 1) {
    const middle = Math.floor((without + within) / 2);
    if (failsForToken(text.slice(0, middle))) within = middle;
    else without = middle;
  }
  return without;
}

function failsForToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return error instanceof Error && TOKEN.test(error.message);
  }
}
