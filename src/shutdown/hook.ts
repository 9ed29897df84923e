import type { HookEvent } from '../hosts/host.ts';
import { type IdentityInput, identify, withPane } from '../owner/identity.ts';
import { livenessOf } from '../owner/process.ts';
import type { StatePaths } from '../state/paths.ts';
import { logDecision } from './log.ts';
import { dropRequest, listRequests, type Request, writeRequest } from './request.ts';
import { livingRoles, type Role } from './role.ts';
import { roleFor } from './role-above.ts';
import { ruleFor } from './rule.ts';
import { type ShutdownSettings, shutdownRules } from './rules.ts';
import { succeeded } from './success.ts';
import { roleOnTerminal } from './terminal.ts';

/** What a request says of where the worker is. */
type Where = Pick<Request, 'agent' | 'pane' | 'daemon'>;

/**
 * After a tool call: records the request to end this worker once it is idle, when a role was bound to this very
 * process, a rule names the role and the tool, and the call provably succeeded. A subagent requests nothing.
 */
export function requestShutdown(event: HookEvent, paths: StatePaths, env = process.env): void {
  const { host, sessionId, cwd } = event;
  if (event.name !== 'PostToolUse' || event.agentId !== null || event.tool === null) return;
  const input: IdentityInput = { host, sessionId, cwd, env, pid: process.pid };
  const me = identify(input);
  if (me.agent === null) return fromDaemon(event, paths, env);
  const role = roleFor(paths, me.agent);
  if (role === null) return;
  const agent = { ...me.agent };
  const where = () => ({ agent, pane: withPane(me, input).pane, daemon: false });
  request(event, paths, role, shutdownRules(env), where);
}

/** In Codex's shared daemon no process is the session's; a terminal that was opened for this very session is. */
function fromDaemon(event: HookEvent, paths: StatePaths, env: NodeJS.ProcessEnv): void {
  const roles = livingRoles(paths);
  const role = roleOnTerminal(roles, event.sessionId);
  const settings = shutdownRules(env);
  if (role !== null) {
    const where = { agent: role.agent, pane: role.pane ?? null, daemon: true };
    return request(event, paths, role, settings, () => where);
  }
  const tool = event.tool?.name ?? '';
  const like = roles.find(({ role }) => ruleFor(settings.rules, role, tool, event.host) !== null);
  if (like === undefined) return;
  const reason = "it runs in Codex's shared daemon, and no terminal is known to show it";
  const nowhere = { agent: null, pane: null, daemon: true };
  request(event, paths, like, settings, () => nowhere, { state: 'left', reason });
}

function request(
  event: HookEvent,
  paths: StatePaths,
  { role, agent }: Role,
  { rules, problem }: ShutdownSettings,
  where: () => Where,
  fate: Pick<Request, 'state' | 'reason'> = { state: 'pending', reason: null },
): void {
  const { host, sessionId } = event;
  const { name = '', response } = event.tool ?? {};
  const subject = { host, sessionId, role, tool: name };
  const ignore = (why: string) => logDecision(paths, { ...subject, agent }, 'ignored', why);
  if (problem !== null) return ignore(problem);
  const rule = ruleFor(rules, role, name, host);
  if (rule === null) return ignore('this tool hands off nothing for this role');
  const success = succeeded(host, response, rule.successPattern);
  if (!success.ok) return ignore(success.why);
  dropDead(paths);
  const made: Request = {
    ...subject,
    ...where(),
    ...fate,
    schema: 1,
    transcript: event.transcriptPath,
    requestedAt: new Date().toISOString(),
    kill: rule.kill === true,
    stop: null,
    attempts: 0,
  };
  writeRequest(paths, made);
  if (fate.state === 'left') logDecision(paths, made, 'left', fate.reason ?? '');
  else logDecision(paths, made, 'requested', 'the hand-off succeeded');
}

/** What was requested of processes that are gone means nothing any more. */
function dropDead(paths: StatePaths): void {
  for (const request of listRequests(paths)) {
    if (livenessOf(request.agent) !== 'dead') continue;
    dropRequest(paths, request);
    logDecision(paths, request, 'dropped', 'the process is gone');
  }
}
