import type { HostId } from '../owner/identity.ts';

/** Whether a tool call provably succeeded; if not, why that cannot be said. */
export type Success = { ok: true } | { ok: false; why: string };

/** No pattern is looked for in more than the end of an output. */
const OUTPUT_END = 64 * 1024;

/**
 * Reads the response of a PostToolUse event. Neither host sends that event for a tool that failed by its own account;
 * Codex sends it for a shell command whatever its exit code, and the response is its output. Pure.
 */
export function succeeded(host: HostId, response: unknown, pattern: string | undefined): Success {
  if (response === undefined || response === null) return no('the event holds no response');
  if (hasErrorFlag(response)) return no('the response carries an error flag');
  if (pattern !== undefined) {
    const found = new RegExp(pattern, 'm').test(textOf(response).slice(-OUTPUT_END));
    return found ? { ok: true } : no('successPattern is not in the output');
  }
  if (host === 'codex' && typeof response === 'string') {
    return no('the output of a shell command does not tell: set successPattern');
  }
  return { ok: true };
}

function hasErrorFlag(response: unknown): boolean {
  if (typeof response !== 'object' || response === null) return false;
  const flags = response as Record<string, unknown>;
  return [flags.isError, flags.is_error, flags.interrupted].includes(true);
}

/** All text of a response: a string, Claude's output of a shell command, the content blocks of a tool server. */
function textOf(response: unknown): string {
  if (typeof response === 'string') return response;
  if (Array.isArray(response)) return response.map(textOf).join('\n');
  if (typeof response !== 'object' || response === null) return '';
  const { content, text, stdout } = response as Record<string, unknown>;
  return [content, text, stdout].map(textOf).filter(Boolean).join('\n');
}

function no(why: string): Success {
  return { ok: false, why };
}
