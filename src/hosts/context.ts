import type { HookEvent } from './host.ts';

/** Both hosts read a starting session's additional context from the same place. */
export function sessionStartContext(event: HookEvent, text: string): object {
  return { hookSpecificOutput: { hookEventName: event.name, additionalContext: text } };
}
