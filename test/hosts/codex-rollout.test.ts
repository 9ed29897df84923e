import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { confinementIn, confinementOf } from '../../src/hosts/codex/confinement.ts';
import { lastTurnContext, rolloutOf } from '../../src/hosts/codex/rollout.ts';
import { scratchDir } from '../build/scratch.ts';

const MB = 1024 * 1024;
const context = (cwd: string, more: object = {}) =>
  JSON.stringify({
    timestamp: 't',
    type: 'turn_context',
    payload: { cwd, permission_profile: { type: 'managed', at: cwd }, ...more },
  });
const said = (text: string) =>
  JSON.stringify({ type: 'response_item', payload: { content: [{ text }] } });

function rollout(...lines: string[]): string {
  const path = join(scratchDir(), 'rollout.jsonl');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

it.each<[string, string[], string | null]>([
  ['nothing', [], null],
  ['no turn', [said('hi')], null],
  ['one turn', [context('/one'), said('hi')], '/one'],
  ['the newest of several', [context('/one'), said('hi'), context('/two'), said('x')], '/two'],
  [
    'before a line that is cut off',
    [context('/one'), '{"type":"turn_context","payload":{'],
    '/one',
  ],
  ['not in what a tool printed', [context('/one'), said(`\n${context('/forged')}\n`)], '/one'],
  ['not in a line of another kind', [context('/one'), `{"a":${context('/forged')}}`], '/one'],
  ['before much that was said', [context('/one'), said('x'.repeat(3 * MB)), said('y')], '/one'],
  ['behind much that was said', [said('x'.repeat(3 * MB)), context('/one')], '/one'],
])('finds the turn that a session is in: %s', (_, lines, cwd) => {
  expect(lastTurnContext(rollout(...lines), 64 * MB)?.cwd ?? null).toBe(cwd);
});

it('gives up where a turn is longer than it may look', () => {
  const path = rollout(context('/one'), said('x'.repeat(3 * MB)));
  expect(confinementIn(path, MB)).toMatchObject({ kind: 'unknown' });
});

it.each<[string, object, string]>([
  ['a sandbox', {}, 'sandbox'],
  ['none', { permission_profile: { type: 'disabled' } }, 'none'],
  ['another kind', { permission_profile: { type: 'external' } }, 'unknown'],
  [
    'none, by an older Codex',
    { permission_profile: null, sandbox_policy: { type: 'danger-full-access' } },
    'none',
  ],
  [
    'a sandbox of an older Codex',
    { permission_profile: null, sandbox_policy: { type: 'workspace-write' } },
    'unknown',
  ],
])('tells what holds a session: %s', (_, more, kind) => {
  expect(confinementIn(rollout(context('/one', more)), MB).kind).toBe(kind);
});

it('finds the rollout of a session by its id, in the folder of any time zone', () => {
  const home = scratchDir();
  const id = '01a1ff4d-2d55-7f10-a866-9cc0eafac7ab';
  const env = { CODEX_HOME: home };
  expect(rolloutOf(id, env)).toBeNull();
  expect(confinementOf(id, env).kind).toBe('unknown');
  for (const day of ['20', '22', '21']) {
    const path = join(home, 'sessions/2026/11', day, `rollout-2026-11-21T18-10-10-${id}.jsonl`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${context('/one')}\n`);
    expect(rolloutOf(id, env), day).not.toBeNull();
  }
  expect(confinementOf(id, env).kind).toBe('sandbox');
  expect(confinementOf(null, env).kind).toBe('unknown');
});

it.each(['../../../../etc/passwd', 'x', '01a1ff4d-2d55-4f10-a866-9cc0eafac7ab'])(
  'looks for nothing by %s',
  (id) => {
    expect(rolloutOf(id, { CODEX_HOME: scratchDir() })).toBeNull();
  },
);
