import { commandLineOf, type ReadCommandLine } from './command-line.ts';
import type { HostId } from './identity.ts';
import type { ProcessInfo } from './process.ts';
import { isSeat, isWrapper } from './wrapper.ts';

/** An agent program that stopgate does not support. It may run stopgate's hooks and call its CLI. */
export type OtherAgent = 'copilot' | 'gemini' | 'qwen' | 'cursor';

/** The agent programs that stopgate knows. */
export type AgentKind = HostId | OtherAgent;

/** How people know the agents that are not supported. */
export const OTHER_AGENTS: Record<OtherAgent, string> = {
  copilot: 'GitHub Copilot CLI',
  gemini: 'Gemini CLI',
  qwen: 'Qwen Code',
  cursor: 'Cursor',
};

/** The name of each program, and the package that its scripts lie in. */
const PROGRAMS: readonly [kind: AgentKind, name: RegExp, scripts: RegExp][] = [
  ['claude', /^claude$/, /\/@anthropic-ai\/claude-code\//],
  ['codex', /^codex(-(linux|darwin|windows|x86_64|aarch64)\S*)?$/, /\/@openai\/codex\//],
  ['copilot', /^copilot$/, /\/@github\/copilot\//],
  ['gemini', /^gemini$/, /\/@google\/gemini-cli\//],
  ['qwen', /^qwen$/, /\/@qwen-code\/qwen-code\//],
  ['cursor', /^cursor-agent$/, /\/cursor-agent\//],
];

/**
 * Tells which agent a process runs, or `null` when it runs none that is known. Node with an agent's script runs that
 * agent; a script of another language that only has an agent's name is somebody's wrapper.
 */
export function agentKind(
  { pid, name }: ProcessInfo,
  commandLine: ReadCommandLine = commandLineOf,
): AgentKind | null {
  if (isWrapper(name) || isSeat(name)) return null;
  const words = commandLine(pid) ?? [];
  const [first = ''] = words;
  if (first === '') return kindOfProgram(name);
  if (isInterpreter(first)) return kindOfScript(scriptOf(words));
  return kindOfProgram(first) ?? (isScript(name, words) ? null : kindOfProgram(name));
}

/** True for Node or bun, whatever it runs. */
export function isInterpreter(path: string): boolean {
  return /^(node|nodejs|bun)$/.test(nameOf(path));
}

function kindOfProgram(path: string): AgentKind | null {
  const name = nameOf(path);
  // Claude Code that starts itself anew is called by its version.
  if (/\/claude\/versions\/[^/]+$/.test(path)) return 'claude';
  return PROGRAMS.find(([, names]) => names.test(name))?.[0] ?? null;
}

function kindOfScript(path: string): AgentKind | null {
  return PROGRAMS.find(([, , scripts]) => scripts.test(path))?.[0] ?? kindOfProgram(path);
}

/** `/usr/bin/claude.exe` → `claude`. A title that npm gives itself (`npm exec @openai/codex`) is no path. */
function nameOf(path: string): string {
  if (/^npm /.test(path)) return path;
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.(exe|[cm]?js)$/, '');
}

/** The kernel names a script that was started by its `#!` line after the script, cut to 15 characters. */
function isScript(name: string, [, ...args]: string[]): boolean {
  return args.some((word) => word.slice(word.lastIndexOf('/') + 1).slice(0, 15) === name);
}

/** Options of Node and bun that take the next word. */
const WITH_VALUE = /^(-r|-C|--(require|import|loader|experimental-loader|conditions|env-file))$/;

/** The script that Node or bun was given; empty where it was given none. */
function scriptOf([, ...args]: string[]): string {
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (/^(-e|-p|-pe|--eval|--print)$/.test(word)) return '';
    if (WITH_VALUE.test(word)) at += 1;
    else if (word !== 'run' && !word.startsWith('-')) return word;
  }
  return '';
}
