import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { succeeded } from '../../src/shutdown/success.ts';

function recorded(name: string): unknown {
  const url = new URL(`../fixtures/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')).payload.tool_response;
}

const ok = { ok: true };

describe('what the real clients sent', () => {
  it.each([
    ['claude', 'claude/print-PostToolUse-mcp', undefined, true],
    ['claude', 'claude/print-PostToolUse-mcp', 'hand_off: done', true],
    ['claude', 'claude/print-PostToolUse-mcp', 'handed over', false],
    ['claude', 'claude/interactive-PostToolUse-Bash', undefined, true],
    ['claude', 'claude/interactive-PostToolUse-Bash', '^hi$', true],
    ['codex', 'codex/exec-PostToolUse-mcp', undefined, true],
    ['codex', 'codex/exec-PostToolUse-mcp', '^hand_off: done$', true],
    ['codex', 'codex/exec-PostToolUse', undefined, false],
    ['codex', 'codex/exec-PostToolUse', '^hi$', true],
    ['codex', 'codex/exec-PostToolUse-failed-shell', undefined, false],
    ['codex', 'codex/exec-PostToolUse-failed-shell', '^HANDED OFF$', false],
  ] as const)('%s: %s with pattern %s is a success: %s', (host, name, pattern, expected) => {
    expect(succeeded(host, recorded(name), pattern).ok).toBe(expected);
  });

  it.each(['mcp-flag', 'mcp-protocol'])(
    'Claude Code calls a failed tool (%s) by another event',
    (name) => {
      const url = new URL(
        `../fixtures/claude/print-PostToolUseFailure-${name}.json`,
        import.meta.url,
      );
      const { payload } = JSON.parse(readFileSync(url, 'utf8'));
      expect(payload).toMatchObject({
        hook_event_name: 'PostToolUseFailure',
        error: 'nobody takes it',
      });
    },
  );
});

it.each([
  ['no response', undefined],
  ['null', null],
  ['an error flag', { isError: true, content: [] }],
  ['an error flag in the other spelling', { is_error: true }],
  ['an interrupted command', { stdout: 'HANDED OFF', interrupted: true }],
])('%s is no success, on either host', (_, response) => {
  expect(succeeded('claude', response, undefined).ok).toBe(false);
  expect(succeeded('codex', response, 'HANDED OFF').ok).toBe(false);
});

it.each([
  [
    'content blocks',
    {
      content: [
        { type: 'text', text: 'one' },
        { type: 'text', text: 'two' },
      ],
    },
  ],
  [
    'a list of blocks',
    [
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two' },
    ],
  ],
  ['a string', 'one\ntwo'],
  ['the output of a command', { stdout: 'one\ntwo', stderr: '' }],
])('looks for the pattern in every line of %s', (_, response) => {
  expect(succeeded('codex', response, '^two$')).toEqual(ok);
  expect(succeeded('claude', response, '^three$').ok).toBe(false);
});

it('looks at the end of a long output only', () => {
  const long = `HANDED OFF\n${'x'.repeat(100_000)}`;
  expect(succeeded('codex', long, 'HANDED OFF').ok).toBe(false);
  expect(succeeded('codex', `${long}\nHANDED OFF`, 'HANDED OFF')).toEqual(ok);
});
