import type { ReadCommandLine } from '../../src/owner/command-line.ts';
import type { ProcessInfo } from '../../src/owner/process.ts';

export interface Processes {
  chain: ProcessInfo[];
  commandLine: ReadCommandLine;
}

/**
 * Processes as /proc shows them, nearest first: `'zsh'`, `'claude#500'` for a pid that matters, and
 * `'MainThread: /opt/copilot -p hi'` for one with a command line of its own. Without one it is called as it is named.
 */
export function processes(...rows: string[]): Processes {
  const lines = new Map<number, string[]>();
  const chain = rows.map((row, at) => {
    const [, name = '', id, line = name] =
      /^([^#:]+(?:: (?:server|client))?)(?:#(\d+))?(?:: (.*))?$/.exec(row) ?? [];
    const pid = Number(id ?? 9000 - at);
    lines.set(pid, [...line.split(' '), '']);
    return { pid, start: `boot:${pid}`, ppid: 0, state: 'S', name };
  });
  return { chain, commandLine: (pid) => lines.get(pid) ?? [] };
}

const PACKAGES = '/usr/lib/node_modules';

/** What each agent looks like above its tools, recorded from the real clients; `#500` is its own process. */
export const CLAUDE = ['claude#500: claude --permission-mode manual'];
export const CODEX = [
  'codex#500: /opt/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex exec hi',
  `node: node /usr/bin/codex exec hi`,
];
export const COPILOT = [
  `MainThread#500: ${PACKAGES}/@github/copilot-linux-x64/copilot -p hi`,
  'node: node /usr/bin/copilot -p hi',
];
export const GEMINI = [
  `node#500: /usr/bin/node --max-old-space-size=4096 ${PACKAGES}/@google/gemini-cli/dist/index.js`,
  'node: node /usr/bin/gemini',
];
export const QWEN = ['MainThread#500: node /usr/bin/qwen --auth-type anthropic'];
export const CURSOR = [
  'node#500: /home/me/.local/bin/cursor-agent --use-system-ca /home/me/.local/share/cursor-agent/versions/1/index.js',
];
export const DAEMON = ['codex#500: codex app-server --listen unix:// --managed-daemon'];
