import { claude } from './claude/index.ts';
import { codex } from './codex/index.ts';
import type { Host } from './host.ts';

export const HOSTS = { claude, codex } as const;

/** The host that called: the `--host` flag, else told from the payload (docs/hosts.md, Payload); `null` if neither tells. */
export function hostFor(flag: string | undefined, payload: unknown): Host | null {
  if (flag === 'claude' || flag === 'codex') return HOSTS[flag];
  if (typeof payload !== 'object' || payload === null) return null;
  return looksLikeCodex(payload) ? codex : claude;
}

/** Only Codex sends a turn id, and only its transcripts are rollouts. */
function looksLikeCodex(payload: object): boolean {
  if ('turn_id' in payload) return true;
  return 'transcript_path' in payload && /\/rollout-[^/]+$/.test(String(payload.transcript_path));
}
