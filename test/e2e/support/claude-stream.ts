/** One line of `claude -p --output-format stream-json`, as far as the tests look. */
export interface StreamLine {
  type: string;
  subtype?: string;
  session_id?: string;
  /** What a system notice tells the person. */
  content?: string;
  /** The final answer, on the line of type `result`. */
  result?: string;
  is_error?: boolean;
}

export function streamOf(stdout: string): StreamLine[] {
  return stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line) as StreamLine] : []));
}

/** The notices that Claude Code showed to the person. */
export function notices(stdout: string): string[] {
  return streamOf(stdout).flatMap(({ type, subtype, content }) =>
    type === 'system' && subtype === 'informational' && content ? [content] : [],
  );
}

export function finalAnswer(stdout: string): string | undefined {
  return streamOf(stdout).find(({ type }) => type === 'result')?.result;
}

export function sessionId(stdout: string): string | undefined {
  return streamOf(stdout)[0]?.session_id;
}
