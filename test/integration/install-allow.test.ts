import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLAUDE_ALLOW } from '../../src/hosts/claude/allow.ts';
import { RULES_TEXT } from '../../src/hosts/codex/rules.ts';
import { cliSync } from '../support/cli.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch();
});
afterEach(() => scratch.remove());

const settings = () => join(scratch.home, '.claude', 'settings.json');
const allowed = () => JSON.parse(readFileSync(settings(), 'utf8')).permissions?.allow;

const stopgate = (...args: string[]) => cliSync(scratch, args);

function person(text: string): string {
  mkdirSync(dirname(settings()), { recursive: true });
  writeFileSync(settings(), text);
  return text;
}

it('adds the rules only where it is asked to', () => {
  stopgate('install');
  expect(allowed()).toBeUndefined();
  expect(stopgate('install', '--allow').stdout).toContain('+      "Bash(stopgate build step:*)",');
  expect(allowed()).toEqual(CLAUDE_ALLOW);
});

it('keeps them through install, migrate and doctor, and uninstall gives the bytes back', () => {
  const before = person('{\n\t"permissions": {"allow": ["Bash(ls:*)"]}\n}');
  stopgate('install', '--allow');
  const installed = readFileSync(settings(), 'utf8');
  expect(allowed()).toEqual(['Bash(ls:*)', ...CLAUDE_ALLOW]);
  for (const args of [['install'], ['install', '--allow'], ['migrate'], ['doctor', '--fix']]) {
    expect(stopgate(...args), args.join(' ')).toMatchObject({ status: 0 });
    expect(readFileSync(settings(), 'utf8')).toBe(installed);
  }
  stopgate('uninstall');
  expect(readFileSync(settings(), 'utf8')).toBe(before);
});

it('leaves a rule that was the person’s before', () => {
  const before = person(JSON.stringify({ permissions: { allow: [...CLAUDE_ALLOW] } }));
  stopgate('install', '--allow');
  stopgate('uninstall');
  expect(readFileSync(settings(), 'utf8')).toBe(before);
});

it('still knows its rules after another program dropped the entries', () => {
  person('{"model": "opus"}');
  stopgate('install', '--allow');
  const { hooks: _, ...dropped } = JSON.parse(readFileSync(settings(), 'utf8'));
  writeFileSync(settings(), JSON.stringify(dropped));
  expect(stopgate('doctor', '--fix')).toMatchObject({ status: 0 });
  stopgate('uninstall');
  expect(JSON.parse(readFileSync(settings(), 'utf8'))).toEqual({ model: 'opus' });
});

it('refuses permissions of another type, and writes neither rules nor entries', () => {
  const before = person('{"permissions": null}');
  const { status, stderr } = stopgate('install', '--allow');
  expect(status).toBe(1);
  expect(stderr).toContain(`${settings()}:1:17: "permissions" is of type null`);
  expect(readFileSync(settings(), 'utf8')).toBe(before);
});

describe('the rule for the sandbox of Codex', () => {
  const rules = () => join(scratch.home, '.codex', 'rules', 'stopgate.rules');

  it('is written only where somebody asks for it, and what it allows is said', () => {
    const without = stopgate('install', '--host', 'codex').stdout;
    expect(without).toContain('to let it out: add --allow');
    expect(existsSync(rules())).toBe(false);
    const { stdout } = stopgate('install', '--host', 'codex', '--allow');
    expect(stdout).toContain('allowed: Codex runs `stopgate build`');
    expect(readFileSync(rules(), 'utf8')).toBe(RULES_TEXT);
    expect(stopgate('install', '--host', 'codex').stdout).not.toContain('add --allow');
    expect(readFileSync(rules(), 'utf8')).toBe(RULES_TEXT);
  });

  it('is written for both hosts by one flag', () => {
    const { stdout } = stopgate('install', '--host', 'all', '--allow');
    expect(stdout).toContain('allowed: Claude Code runs');
    expect(stdout).toContain('allowed: Codex runs');
    expect(existsSync(rules())).toBe(true);
    expect(allowed()).toEqual(CLAUDE_ALLOW);
  });
});

it.each(['--allow', '--trust'])('refuses install %s below an agent', (flag) => {
  const program = join(scratch.root, 'codex');
  symlinkSync('/bin/bash', program);
  const line = `stopgate install --host codex ${flag}; exit $?`;
  const { status, stderr } = spawnSync(program, ['-c', line], {
    cwd: scratch.project,
    env: scratch.env,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('gives an agent rights, and codex (process');
  expect(existsSync(join(scratch.home, '.codex'))).toBe(false);
});
