import type { Entry } from '../config/types.ts';

/**
 * The PostToolUse entry for exactly these tools, none where there are none. Both hosts take names with `|` between them
 * as a list of whole names.
 */
export function handOffEntries(command: string, tools: readonly string[]): Entry[] {
  if (tools.length === 0) return [];
  return [{ event: 'PostToolUse', matcher: tools.join('|'), command, timeout: 5 }];
}
