import { isMark, MARK_OPTION } from './mark.ts';

/** The commands that show the mark of each session and pane itself: a format would show a global option too. */
export function markQuestions(targets: readonly string[]): string[] {
  const each = targets.flatMap((target) => {
    const scope = target.startsWith('%') ? '-pqv' : '-qv';
    const show = ['show-options', scope, '-t', target, MARK_OPTION];
    // display-message takes a percent sign for a part of a time.
    return ['display-message', '-p', `M\t${target.replace('%', '%%')}`, ';', ...show, ';'];
  });
  return [...each, 'display-message', '-p', '#{pid}\t#{start_time}'];
}

/** Parses the answer to {@link markQuestions}: after each target its own option, or nothing. */
export function parseMarks(stdout: string): { server: string; of: Map<string, string> } | null {
  const lines = stdout.trimEnd().split('\n');
  const server = lines.pop() ?? '';
  if (!/^\d+\t\d+$/.test(server)) return null;
  const of = new Map<string, string>();
  let target = '';
  for (const line of lines) {
    if (line.startsWith('M\t')) target = line.slice(2);
    else if (isMark(line) && target !== '') of.set(target, line);
  }
  return { server, of };
}
