import { expect, it } from 'vitest';
import type { ProcessInfo } from '../../src/owner/process.ts';
import { runnerOf } from '../../src/rights/runner.ts';

const HELPER = ['codex-linux-sandbox', '--sandbox-policy-cwd', '/repo'];

/** A chain of ancestors, nearest first, by their names; a word with a blank is a command line. */
function chainOf(...words: string[]): { chain: ProcessInfo[]; lines: Map<number, string[]> } {
  const lines = new Map<number, string[]>();
  const chain = words.map((word, at) => {
    const [first = '', ...more] = word.split(' ');
    const pid = 100 + at;
    lines.set(pid, word === 'helper' ? HELPER : [first, ...more]);
    const name = word === 'helper' ? 'codex' : first.slice(first.lastIndexOf('/') + 1);
    return { pid, ppid: pid + 1, start: `s${pid}`, state: 'S', name } as ProcessInfo;
  });
  return { chain, lines };
}

const CODEX = { CODEX_SESSION_ID: 's', CODEX_THREAD_ID: 't' };
const CLAUDE = { CLAUDE_CODE_SESSION_ID: 'c' };

it.each<[string, object, string[], boolean[], object]>([
  ['a person', {}, ['bash', 'tmux: server'], [], { by: 'person', contained: false }],
  [
    'Codex, let out of its sandbox',
    CODEX,
    ['bash', 'codex', 'node /x/@openai/codex/bin/codex.js', 'bash'],
    [false, false, false],
    { by: 'codex', session: 't', contained: false },
  ],
  [
    'Codex, in its sandbox',
    CODEX,
    ['bash', 'helper'],
    [true, true, true],
    { by: 'codex', session: 't', contained: true },
  ],
  [
    'Codex, in a sandbox without a PID namespace',
    CODEX,
    ['bash', 'codex', 'bash'],
    [true, true, false],
    { by: 'codex', contained: true },
  ],
  [
    'Codex, let out, all of it in a container without new privileges',
    CODEX,
    ['bash', 'codex', 'bash'],
    [true, true, true],
    { by: 'codex', contained: false },
  ],
  [
    'Codex, let out, all of it below bwrap',
    CODEX,
    ['bash', 'codex', 'bwrap'],
    [true, true, true],
    { by: 'codex', contained: false },
  ],
  [
    'Codex, let out, a Codex below the sandbox of another',
    CODEX,
    ['bash', 'codex', 'bash', 'helper'],
    [true, true, true],
    { by: 'codex', contained: false },
  ],
  [
    'Claude Code',
    CLAUDE,
    ['bash', 'claude', 'bash'],
    [false, false],
    { by: 'claude', session: 'c', contained: false },
  ],
  [
    'Claude Code, in its sandbox',
    CLAUDE,
    ['bash', 'bwrap'],
    [true, true, true],
    { by: 'claude', session: 'c', contained: true },
  ],
  [
    'Claude Code, started in the sandbox of Codex',
    CLAUDE,
    ['bash', 'claude', 'bash', 'helper'],
    [true, true, true, true],
    { by: 'claude', contained: true },
  ],
  [
    'another agent',
    { ...CLAUDE, COPILOT_CLI: '1' },
    ['bash', 'copilot', 'bash', 'claude'],
    [false],
    { by: 'other', session: null, contained: false },
  ],
  [
    'a terminal that an agent opened and left',
    CODEX,
    ['bash', 'xterm'],
    [false],
    { by: 'codex', session: 't', contained: false },
  ],
])('%s', (_, env, words, privileges, expected) => {
  const { chain, lines } = chainOf(...words);
  const noNew = (pid: number | 'self') =>
    (pid === 'self'
      ? privileges[0]
      : privileges[1 + chain.findIndex((info) => info.pid === pid)]) ?? null;
  const read = (pid: number) => lines.get(pid) ?? [];
  expect(runnerOf(env as Record<string, string>, chain, read, noNew)).toMatchObject(expected);
});

it('knows of this very process that nobody holds it', () => {
  expect(runnerOf({}, [])).toEqual({ by: 'person', session: null, contained: false });
});
