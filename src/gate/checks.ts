import { firstFailing } from '../build/checks.ts';
import type { Build, FailedCheck } from '../build/schema.ts';
import { codexProgram } from '../hosts/codex/program.ts';
import type { HookEvent } from '../hosts/host.ts';
import { ancestors } from '../owner/process.ts';
import { hookEnv } from '../rights/hook-env.ts';
import { plainShell, type Shell, sandboxShell } from '../rights/shell.ts';
import { wayAtStop } from '../rights/way-at-stop.ts';

/** All checks together, at a stop: the hook's own timeout is 10 s (src/hosts/claude/entries.ts). */
const CHECKS_MS = 7_000;

type Env = Readonly<Record<string, string | undefined>>;

/** What the checks at a stop came to: the first that fails or `null`; or why none may run here. */
export type CheckedAtStop = { failed: FailedCheck | null } | { notRun: string };

/**
 * Runs the checks of a build whose owner stops, with no more rights than the session that stops and the one that wrote them
 * down: a hook runs outside of every sandbox and every question to a person. A check that cannot start, or does not end in
 * time, is a failing one and never a pass.
 */
export async function checksAtStop(
  { checks, checkouts, checksFrom }: Build,
  event: HookEvent,
  env: Env,
): Promise<CheckedAtStop> {
  const allowed = shellAtStop(wayAtStop(event, checksFrom, env), env);
  if (typeof allowed === 'string') return { notRun: allowed };
  const bounds = { eachMs: CHECKS_MS, allMs: CHECKS_MS };
  // Claude Code gives its agent all that it gives a hook.
  const given = event.host === 'codex' ? hookEnv(env) : { ...env };
  const options = { bounds, shell: allowed, env: given };
  return { failed: await firstFailing(checks, checkouts[0] ?? '/', options) };
}

function shellAtStop(way: ReturnType<typeof wayAtStop>, env: Env): Shell | string {
  switch (way.kind) {
    case 'direct':
      return plainShell;
    case 'sandbox': {
      const codex = codexProgram(ancestors(process.pid), env);
      return codex === null ? 'the program codex is not on PATH' : sandboxShell(codex, way);
    }
    case 'none':
      return way.why;
    default:
      return way satisfies never;
  }
}
