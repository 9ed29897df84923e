/** One word for sh, whatever it holds. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./][\w@%+=:,./-]*$/.test(text)) return text;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** One argument for the tmux client, which takes a semicolon at the end of one for the end of a command. */
export function tmuxWord(text: string): string {
  return text.endsWith(';') ? `${text.slice(0, -1)}\\;` : text;
}
