/** Counts the checkboxes of a text, but for those inside fenced code. */
export function countItems(text: string): { open: number; done: number } {
  let open = 0;
  let done = 0;
  let fence: string | null = null;
  for (const line of text.split('\n')) {
    const mark = /^\s{0,3}(```|~~~)/.exec(line)?.[1];
    if (mark !== undefined && (fence === null || fence === mark)) {
      fence = fence === null ? mark : null;
      continue;
    }
    if (fence !== null) continue;
    const box = /^\s*(?:[-*+]|\d{1,4}[.)])\s+\[([ xX])\](?:\s|$)/.exec(line)?.[1];
    if (box === ' ') open += 1;
    else if (box !== undefined) done += 1;
  }
  return { open, done };
}
