import { closeSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { lazy } from '../../state/lazy.ts';
import { openRegularFile, readAt } from '../../state/read-file.ts';
import { codexHome, type Environment } from './settings-path.ts';

/** What a turn of a session ran with, as Codex writes it down when the turn begins. */
const turnContext = lazy(() =>
  z.looseObject({
    type: z.literal('turn_context'),
    payload: z.looseObject({
      cwd: z.string(),
      permission_profile: z.optional(z.nullable(z.looseObject({ type: z.string() }))),
      sandbox_policy: z.optional(z.nullable(z.looseObject({ type: z.string() }))),
    }),
  }),
);

export type TurnContext = z.infer<ReturnType<typeof turnContext>>['payload'];

const CHUNK = 256 * 1024;
const MARK = '"turn_context"';

/**
 * Reads what the newest turn of a rollout runs with, from its end and at most `maxBytes` of it; `null` where that is not
 * found. What a model or a tool said lies inside strings of a line and cannot begin one.
 */
export function lastTurnContext(path: string, maxBytes: number): TurnContext | null {
  const { fd, stat } = openRegularFile(path);
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (let end = stat.size, size = CHUNK; end > 0 && stat.size - end < maxBytes; size *= 2) {
      const start = Math.max(0, end - size);
      const bytes = Buffer.concat([readAt(fd, start, end - start), rest]);
      const first = start === 0 ? 0 : bytes.indexOf('\n') + 1;
      if (first > 0 || start === 0) {
        const found = newestIn(bytes.subarray(first).toString('utf8'));
        if (found !== null) return found;
        rest = bytes.subarray(0, first);
      } else {
        rest = bytes;
      }
      end = start;
    }
    return null;
  } finally {
    closeSync(fd);
  }
}

/** The rollout of a session, `null` where none is found. Its id begins with the time when it was made. */
export function rolloutOf(sessionId: string, env: Environment): string | null {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(sessionId))
    return null;
  const made = Number.parseInt(sessionId.slice(0, 8) + sessionId.slice(9, 13), 16);
  // Folders are named by the day of some time zone.
  for (const days of [0, -1, 1]) {
    const day = new Date(made + days * 86_400_000).toISOString().slice(0, 10).split('-');
    const dir = join(codexHome(env), 'sessions', ...day);
    const name = namesIn(dir).find((one) => one.endsWith(`-${sessionId}.jsonl`));
    if (name !== undefined) return join(dir, name);
  }
  return null;
}

function newestIn(lines: string): TurnContext | null {
  for (const line of lines.split('\n').reverse()) {
    if (!line.includes(MARK)) continue;
    const context = parsed(line);
    if (context !== null) return context;
  }
  return null;
}

function parsed(line: string): TurnContext | null {
  try {
    const result = turnContext().safeParse(JSON.parse(line));
    return result.success ? result.data.payload : null;
  } catch {
    return null;
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
