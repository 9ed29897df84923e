import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { mayBeSandboxed } from '../../src/hosts/claude/sandbox.ts';
import { scratchDir } from '../build/scratch.ts';

const MINE = { CLAUDE_PID: String(process.pid) };

/** Asks about a session in a home with this file. */
function asked(name: string | null, text = '', env: Record<string, string> = MINE): boolean {
  const root = scratchDir();
  if (name !== null) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return mayBeSandboxed(join(root, 'project'), { HOME: root, ...env }, join(root, 'managed'));
}

it('says no only where nothing speaks of a sandbox', () => {
  expect(asked(null)).toBe(false);
  expect(asked('.claude/settings.json', '{"model": "opus"}')).toBe(false);
});

it.each([
  '.claude/settings.json',
  '.claude/remote-settings.json',
  'project/.claude/settings.json',
  'project/.claude/settings.local.json',
  'managed/managed-settings.json',
  'managed/managed-settings.d/10-more.json',
])('says yes where %s does', (name) => {
  expect(asked(name, '{"sandbox": {"enabled": false}}')).toBe(true);
});

it.each<[string, Record<string, string>]>([
  ['no process of Claude Code is known', {}],
  ['its process is gone', { CLAUDE_PID: '999999999' }],
])('says yes where %s', (_, env) => {
  expect(asked(null, '', env)).toBe(true);
});

it('says yes where settings cannot be read', () => {
  const root = scratchDir();
  mkdirSync(join(root, '.claude/settings.json'), { recursive: true });
  expect(mayBeSandboxed(join(root, 'project'), { HOME: root, ...MINE }, join(root, 'm'))).toBe(
    true,
  );
});
