/**
 * Splits one simple sh command into its words, with quotes and backslashes resolved and variables left as written;
 * null when the text is anything but one simple command.
 */
export function shellWords(command: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < command.length; at += 1) {
    const char = command.charAt(at);
    if (char === ' ' || char === '\t') {
      if (word !== null) words.push(word);
      word = null;
    } else if (char === "'") {
      const end = command.indexOf("'", at + 1);
      if (end < 0) return null;
      word = (word ?? '') + command.slice(at + 1, end);
      at = end;
    } else if (char === '"') {
      const quoted = doubleQuoted(command, at + 1);
      if (quoted === null) return null;
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (char === '\\') {
      at += 1;
      if (at >= command.length) return null;
      word = (word ?? '') + command.charAt(at);
    } else if (OPERATORS.includes(char) || command.startsWith('$(', at)) {
      return null;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

const OPERATORS = ';|&<>()`\n\r';

function doubleQuoted(command: string, start: number): { text: string; end: number } | null {
  let text = '';
  for (let at = start; at < command.length; at += 1) {
    const char = command.charAt(at);
    if (char === '"') return { text, end: at };
    if (char === '`' || command.startsWith('$(', at)) return null;
    if (char === '\\' && '"\\$`'.includes(command.charAt(at + 1))) {
      at += 1;
      text += command.charAt(at);
    } else {
      text += char;
    }
  }
  return null;
}
