import { describe, expect, it } from 'vitest';
import { type Confinement, readOnly } from '../../src/hosts/codex/confinement.ts';
import { type Origin, originOf } from '../../src/rights/origin.ts';
import type { Runner } from '../../src/rights/runner.ts';
import { wayFor } from '../../src/rights/way.ts';

const workspace = (root: string): Confinement => ({
  kind: 'sandbox',
  profile: { type: 'managed', writes: root },
  cwd: root,
});

/** What holds each session of Codex in these tests. */
const GONE: Confinement = { kind: 'unknown', why: 'no record' };
const HELD: Record<string, Confinement> = {
  inRepo: workspace('/repo'),
  inRepoToo: workspace('/repo'),
  elsewhere: workspace('/elsewhere'),
  reads: readOnly('/repo'),
  free: { kind: 'none' },
  gone: GONE,
};

const runner = (by: Runner['by'], session: string | null = null): Runner => ({
  by,
  session,
  contained: false,
});
const inside = (by: Runner['by']): Runner => ({ ...runner(by, 'inRepo'), contained: true });
const from = (by: Runner['by'], session: string | null = null): Origin =>
  originOf(runner(by, session));

/** The decision in a word: of a sandbox, what it lets be written. */
function said(who: Runner, origin: Origin | undefined): string {
  const way = wayFor(who, origin, (session) => HELD[session ?? 'gone'] ?? GONE, '/repo');
  if (way.kind !== 'sandbox') return way.kind;
  if (JSON.stringify(way.sandbox) === JSON.stringify(readOnly('/repo'))) return 'read-only';
  return (way.sandbox.profile as { writes?: string }).writes ?? 'other';
}

describe('a person in a terminal of their own', () => {
  it.each<[string, Origin | undefined, string]>([
    ['what a person wrote down', from('person'), 'direct'],
    ['of a sandboxed session of Codex', from('codex', 'inRepo'), '/repo'],
    ['of a session of Codex that reads only', from('codex', 'reads'), 'read-only'],
    ['of a session of Codex without a sandbox', from('codex', 'free'), 'ask'],
    ['of a session of Codex that left no trace', from('codex', 'gone'), 'ask'],
    ['of Claude Code', from('claude', 'a'), 'ask'],
    ['of another agent', from('other'), 'ask'],
    ['of nobody knows whom', undefined, 'ask'],
  ])('%s', (_, origin, expected) => {
    expect(said(runner('person'), origin)).toBe(expected);
  });
});

describe('a session of Codex', () => {
  it.each<[string, string, Origin | undefined, string]>([
    ['its own', 'inRepo', from('codex', 'inRepo'), '/repo'],
    ['its own, read-only', 'reads', from('codex', 'reads'), 'read-only'],
    ['its own, without a sandbox', 'free', from('codex', 'free'), 'direct'],
    ['its own, of unknown rights', 'gone', from('codex', 'gone'), 'read-only'],
    ['of a session with the same sandbox', 'inRepo', from('codex', 'inRepoToo'), '/repo'],
    ['of one that may write elsewhere', 'inRepo', from('codex', 'elsewhere'), 'read-only'],
    ['of one that may only read', 'inRepo', from('codex', 'reads'), 'read-only'],
    ['of one that has no sandbox', 'inRepo', from('codex', 'free'), '/repo'],
    ['free, of one that is sandboxed', 'free', from('codex', 'inRepo'), '/repo'],
    ['free, of one that left no trace', 'free', from('codex', 'gone'), 'refuse'],
    ['free, of nobody knows whom', 'free', undefined, 'refuse'],
    ['sandboxed, of nobody knows whom', 'inRepo', undefined, '/repo'],
    ['sandboxed, of a person', 'inRepo', from('person'), '/repo'],
    ['sandboxed, of Claude Code', 'inRepo', from('claude', 'a'), '/repo'],
    [
      'free, of Claude Code in a sandbox',
      'free',
      { ...from('claude', 'a'), contained: true },
      'refuse',
    ],
  ])('%s', (_, session, origin, expected) => {
    expect(said(runner('codex', session), origin)).toBe(expected);
  });

  it('makes nothing green from inside its sandbox, where a result can be forged', () => {
    expect(said(inside('codex'), from('codex', 'inRepo'))).toBe('refuse');
  });
});

describe('Claude Code, which asked a person about the call', () => {
  it.each<[string, Origin | undefined, string]>([
    ['its own', from('claude', 'a'), 'direct'],
    ['of a person', from('person'), 'direct'],
    ['of Claude Code in a sandbox', { ...from('claude', 'b'), contained: true }, 'refuse'],
    ['of a sandboxed session of Codex', from('codex', 'inRepo'), '/repo'],
    ['of a session of Codex without a sandbox', from('codex', 'free'), 'direct'],
    ['of a session of Codex that left no trace', from('codex', 'gone'), 'refuse'],
    ['of nobody knows whom', undefined, 'refuse'],
  ])('%s', (_, origin, expected) => {
    expect(said(runner('claude', 'a'), origin)).toBe(expected);
  });

  it('runs in its own sandbox whatever it likes', () => {
    expect(said(inside('claude'), from('codex', 'inRepo'))).toBe('direct');
  });
});

describe('another agent', () => {
  it.each<[string, Origin | undefined, string]>([
    ['what a person wrote down', from('person'), 'direct'],
    ['of a sandboxed session of Codex', from('codex', 'inRepo'), '/repo'],
    ['of Claude Code', from('claude', 'a'), 'refuse'],
    ['of nobody knows whom', undefined, 'refuse'],
  ])('%s', (_, origin, expected) => {
    expect(said(runner('other'), origin)).toBe(expected);
  });
});
