/** The payload of a Stop event as Claude Code sends it, one line. */
export function stopPayload(sessionId: string, cwd: string, more: object = {}): string {
  const payload = {
    session_id: sessionId,
    transcript_path: `${cwd}/${sessionId}.jsonl`,
    cwd,
    prompt_id: 'b6835b28-fd9f-43e0-a6e6-eefd0e9d807e',
    permission_mode: 'auto',
    hook_event_name: 'Stop',
    stop_hook_active: false,
    last_assistant_message: 'finished one',
    background_tasks: [],
    session_crons: [],
    ...more,
  };
  return `${JSON.stringify(payload)}\n`;
}

/** The payload of any other event, with the keys that both hosts send. */
export function eventPayload(
  name: string,
  sessionId: string,
  cwd: string,
  more: object = {},
): string {
  const transcript = `${cwd}/${sessionId}.jsonl`;
  const common = { session_id: sessionId, transcript_path: transcript, cwd, hook_event_name: name };
  return `${JSON.stringify({ ...common, ...more })}\n`;
}
