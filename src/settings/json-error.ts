/** What keeps a text from being JSON, with the line and the column where an editor finds it. Node says it in its own way. */
export function jsonErrorText(text: string, message: string): string {
  const [, offset] = /\bat position (\d+)/.exec(message) ?? [];
  const before = text.slice(0, offset === undefined ? text.length : Number(offset));
  const lines = before.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const column = (lines.at(-1)?.length ?? 0) + 1;
  return `line ${lines.length}, column ${column}: ${message.replace(/(?: in JSON)? at position .*$/s, '')}`;
}
