import { join } from 'node:path';
import { isAwaited } from '../gate/waiting.ts';
import type { HookEvent } from '../hosts/host.ts';
import { identify } from '../owner/identity.ts';
import { type AgentProcess, sameProcess } from '../owner/process.ts';
import type { SessionRecord } from '../session/schema.ts';
import { readSession } from '../session/store.ts';
import type { StatePaths } from '../state/paths.ts';
import type { Judged } from './after-verdict.ts';
import { isKept } from './kept.ts';
import { logDecision } from './log.ts';
import { ATTEMPTS, dropRequest, type Request, requestOf, updateRequest } from './request.ts';
import { shutdownRules } from './rules.ts';

/** Whether a stop may start a closer, and if not, whether the request is void (`drop`) or has to wait (`defer`). */
export type MayStart = { kind: 'start' } | { kind: 'drop' | 'defer'; reason: string };

/** The stop's verdicts that leave no doubt that the session's work is done. */
const DONE = new Set(['inactive', 'terminal', 'unowned', 'foreign']);
const MESSAGE_END = 200;

/** Starts the closer of a session whose stop was approved, as a process of its own that outlives this hook. */
export function startCloser(event: HookEvent, paths: StatePaths, judged: Judged): void {
  const request = requestOf(paths, event.sessionId);
  if (request === null || event.name !== 'Stop' || event.agentId !== null) return;
  const { host, sessionId, cwd } = event;
  const { agent } = identify({ host, sessionId, cwd, env: process.env, pid: process.pid });
  const record = readSession(paths, sessionId);
  const { ignored } = shutdownRules(process.env);
  const awaited = isAwaited(event, ignored);
  const may = mayStart(request, record, agent, { awaited, ...event }, judged);
  if (may.kind === 'drop') {
    dropRequest(paths, request);
    return logDecision(paths, request, 'dropped', may.reason);
  }
  if (may.kind === 'defer') {
    // An earlier stop's closer may still be waiting: what it waits for has been overtaken.
    updateRequest(paths, sessionId, (fresh) => ({ ...fresh, stop: null, reason: may.reason }));
    return logDecision(paths, request, 'deferred', may.reason);
  }
  const stop = {
    id: Math.random().toString(36).slice(2, 10),
    at: new Date().toISOString(),
    activity: record?.lastActivityAt ?? '',
    message: event.lastMessage?.trimEnd().slice(-MESSAGE_END) ?? null,
  };
  const transcript = event.transcriptPath ?? request.transcript;
  const marked = updateRequest(paths, sessionId, (fresh) => ({
    ...notEnded(fresh),
    transcript,
    stop,
  }));
  if (marked !== null) spawnCloser([paths.root, sessionId, stop.id]);
}

/** A session that stops was not ended by what an earlier closer began. */
function notEnded(request: Request): Request {
  return request.state === 'ending' ? { ...request, state: 'failed', toldAt: null } : request;
}

/** Pure. */
export function mayStart(
  request: Request,
  record: SessionRecord | null,
  agent: AgentProcess | null,
  { awaited, scheduledPrompts }: { awaited: boolean; scheduledPrompts: number },
  { verdict, record: said }: Judged,
): MayStart {
  if (isKept(record)) return { kind: 'drop', reason: 'the session is kept' };
  const expected = request.daemon ? null : request.agent;
  if (agent !== expected && !sameProcess(agent, expected)) {
    return { kind: 'drop', reason: 'the session runs in another process' };
  }
  const defer = (reason: string): MayStart => ({ kind: 'defer', reason });
  if (verdict.decision === 'block') return defer('the stop was blocked');
  if (!DONE.has(verdict.cause) || 'would' in said) {
    return defer(`the stop was approved for another reason: ${verdict.cause}`);
  }
  if (request.agent === null) return defer(request.reason ?? 'its terminal is not known');
  if (request.pane === null) return defer('its pane is not known');
  if (awaited) return defer('background work is left');
  if (scheduledPrompts > 0) return defer('the session has scheduled prompts for itself');
  if (request.attempts >= ATTEMPTS) return defer(failedText(request));
  if (record === null) return defer('there is no record of the session');
  return { kind: 'start' };
}

function failedText({ reason }: Request): string {
  const said = `failed ${ATTEMPTS} times`;
  return reason?.startsWith(said) ? reason : `${said}: ${reason ?? 'unknown'}`;
}

/** In a process group of its own and without our stdio: the hook's time is not longer for it. */
function spawnCloser(args: string[]): void {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const bundle = join(__dirname, 'shutdown-closer.cjs');
  const env = { ...process.env, NODE_OPTIONS: '' };
  const options = { detached: true, stdio: 'ignore', cwd: '/', env } as const;
  const closer = spawn(process.execPath, [bundle, ...args], options);
  closer.on('error', () => undefined);
  closer.unref();
}
