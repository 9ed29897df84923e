/** A stretch of a row in one look. */
export interface Segment {
  text: string;
  faint: boolean;
  inverse: boolean;
}

export type Row = readonly Segment[];

/** Reads the rows of `tmux capture-pane -e`, which names a look where it changes and not at each row's start. Pure. */
export function rowsOf(captured: string): Row[] {
  let [faint, inverse] = [false, false];
  return captured.split('\n').map((line) =>
    line.split(SEQUENCE).flatMap((part, index) => {
      if (index % 2 === 0) return part === '' ? [] : [{ text: part, faint, inverse }];
      for (const code of attributesOf(part)) {
        if (code === 0) [faint, inverse] = [false, false];
        if (code === 2) faint = true;
        if (code === 22) faint = false;
        if (code === 7) inverse = true;
        if (code === 27) inverse = false;
      }
      return [];
    }),
  );
}

export function plain(row: Row | undefined): string {
  return (row ?? []).map(({ text }) => text).join('');
}

/** The attributes that a sequence sets; the numbers that name a colour (`38;5;2`) are none. */
function attributesOf(sequence: string): number[] {
  const codes = sequence.split(';').map(Number);
  const own: number[] = [];
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) at += codes[at + 1] === 5 ? 2 : 4;
    else own.push(code);
  }
  return own;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: every escape sequence starts with one
const SEQUENCE = /\u001b\[([0-9;]*)m/;
