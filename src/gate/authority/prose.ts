/** What an agent says in its own words at the end of a message. */
export interface Prose {
  /** One entry per line that holds words; code, quotations and addresses taken out. */
  lines: string[];
  /** The last sentence, where it is a statement of its own: no item of a list, nothing that a colon announced. */
  lastSentence: string | null;
}

/** Reduces a message (in NFKC) to what the agent itself says. Pure; the text may be anybody's. */
export function proseOf(message: string): Prose {
  const lines = ownWords(message).split('\n').map(plain);
  const last = lines.findLastIndex((line) => line.text !== '');
  const end = lines[last];
  const before = lines.slice(0, Math.max(last, 0)).findLast((line) => line.text !== '');
  const stands = end !== undefined && !end.isItem && !before?.text.endsWith(':');
  return {
    lines: lines.flatMap(({ text }) => (text === '' ? [] : [text])),
    lastSentence: stands ? (sentences(end.text).at(-1) ?? null) : null,
  };
}

/** Takes out what is somebody else's or no prose; an unclosed fence takes the rest with it. */
function ownWords(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\u201c\u201d\u201e]/g, '"')
    .replace(/^ {0,3}(```|~~~)[^\n]*\n(?:[\s\S]*?^ {0,3}\1[^\n]*$|[\s\S]*)/gm, '\n')
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .replace(/`[^`\n]*`/g, '□')
    .replace(/^\s*>.*$/gm, '')
    .replace(/"[^"\n]*"|«[^»\n]*»|「[^」\n]*」|『[^』\n]*』/g, '□')
    .replace(/\b[a-z][a-z+.-]*:\/\/\S+/gi, '□')
    .replace(/^\s*\|.*\|\s*$/gm, '');
}

function plain(line: string): { text: string; isItem: boolean } {
  const isItem = /^\s*([-*+•]|\d+[.)])\s/.test(line);
  const text = line.replace(/^\s*(#+|[-+•]|\d+[.)])\s+/, '').replace(/[*_~]+/g, '');
  return { text: text.trim(), isItem };
}

function sentences(line: string): string[] {
  return line.split(/(?<=[.!?…])\s+|(?<=[。！？])|;\s+/).filter((part) => part.trim() !== '');
}
