import type { HostId } from '../owner/identity.ts';
import type { Verdict } from '../verdict.ts';

/** One hook event, in words that both hosts share. */
export interface HookEvent {
  host: HostId;
  name: string;
  sessionId: string;
  /** Which prompt the host works on; Codex calls it a turn. */
  promptId: string | null;
  cwd: string;
  transcriptPath: string | null;
  /** Set inside a subagent. */
  agentId: string | null;
  /** How far the host asks a person before it runs something; `null` when it does not say. */
  permissionMode: string | null;
  /** The host goes on because of an earlier block of this stop. */
  stopHookActive: boolean;
  lastMessage: string | null;
  /** SessionStart: startup, resume, clear, compact, fork. */
  source: string | null;
  /** SessionEnd: why. */
  reason: string | null;
  /** Work that will wake the session when it ends. */
  backgroundTasks: number;
  /** The command lines of those that are shells. */
  backgroundCommands: readonly string[];
  /** Prompts that the session has scheduled for itself. */
  scheduledPrompts: number;
  /** Those of them that come once: the session waits for them. */
  wakeUps: number;
  /** UserPromptSubmit: a person typed it, as far as can be told. */
  isPersons: boolean;
  /** PostToolUse: which tool answered what. */
  tool: { name: string; response: unknown } | null;
}

/** What differs between the hosts when a hook is called. */
export interface Host {
  id: HostId;
  /** @throws StopgateError `bad-event` when the payload is none of this host's. */
  parseEvent(payload: unknown): HookEvent;
  /** The one JSON object for stdout (docs/hosts.md, Stop output). */
  renderVerdict(verdict: Verdict): object;
  /** The object that adds `text` to what the model of a starting session knows. */
  renderContext(event: HookEvent, text: string): object;
}
