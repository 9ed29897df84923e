import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CLAUDE_ALLOW } from '../../src/hosts/claude/allow.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';
import { type TmuxServer, tmuxServer } from '../support/tmux-server.ts';
import { until } from '../support/until.ts';

/** The install that asks, in a real terminal. */

let place: Scratch;
let server: TmuxServer;
let pane: string;
beforeEach(async () => {
  place = makeScratch();
  onTestFinished(() => place.remove());
  server = tmuxServer(place);
  onTestFinished(() => server.stop());
  pane = await server.session('work');
  await server.type(pane, 'PS1="# "; clear');
});

const claudeSettings = () => join(place.home, '.claude', 'settings.json');
const codexHooks = () => join(place.home, '.codex', 'hooks.json');

/** All that the terminal shows and has scrolled away. */
const screen = () => server.ask('capture-pane', '-p', '-J', '-S', '-500', '-t', pane);

/** Waits for a question and presses keys. */
async function answer(question: string, ...keys: string[]): Promise<void> {
  await until(`the question "${question}"`, async () => (await screen()).includes(question));
  for (const key of keys) await server.ask('send-keys', '-t', pane, key);
}

/** Waits for the command to end, and returns its exit code. */
async function ended(): Promise<number> {
  const code = await until(
    'the command to end',
    async () => /^exit (\d+)$/m.exec(await screen())?.[1],
  );
  return Number(code);
}

const start = () => server.type(pane, 'stopgate install; echo "exit $?"');

const HOST = 'Install the hooks for which agent program?';
const SCOPE = 'In which settings?';
const ALLOW = 'without asking you?';
const SKILLS = 'when to call stopgate?';
const WRITE = 'Write this?';
const TRUST = 'Have Codex trust exactly these hooks?';

it('asks for host and scope, shows the difference first, and then writes it', async () => {
  mkdirSync(dirname(claudeSettings()));
  writeFileSync(claudeSettings(), '{\n\t"model": "opus"\n}\n');
  await start();
  await answer(HOST, 'Enter');
  await answer(SCOPE, 'Enter');
  await answer(ALLOW, 'Enter');
  await answer(SKILLS, 'Enter');
  await until('the question', async () => (await screen()).includes(WRITE));
  expect(await screen()).toContain(`would write  ${claudeSettings()}`);
  expect(await screen()).toMatch(/\+\s+"hooks": \{/);
  expect(readFileSync(claudeSettings(), 'utf8')).toBe('{\n\t"model": "opus"\n}\n');
  expect(existsSync(place.data)).toBe(false);
  await answer(WRITE, 'Enter');
  expect(await ended()).toBe(0);
  expect(await screen()).toContain('Undo: stopgate uninstall');
  const settings = JSON.parse(readFileSync(claudeSettings(), 'utf8'));
  expect(Object.keys(settings.hooks)).toContain('Stop');
  expect(settings.permissions).toBeUndefined();
  expect(existsSync(join(place.home, '.claude/skills'))).toBe(false);
});

it('adds the permission and the skills for the person who says yes, in the scope that was chosen', async () => {
  await server.type(pane, `cd '${place.project}'`);
  await start();
  await answer(HOST, 'Enter');
  await answer(SCOPE, 'Down', 'Down', 'Enter');
  await answer(ALLOW, 'y');
  await answer(SKILLS, 'y');
  await answer(WRITE, 'Enter');
  expect(await ended()).toBe(0);
  const local = join(place.project, '.claude', 'settings.local.json');
  expect(JSON.parse(readFileSync(local, 'utf8')).permissions.allow).toEqual(CLAUDE_ALLOW);
  expect(existsSync(claudeSettings())).toBe(false);
  expect(existsSync(join(place.project, '.claude/skills/build/SKILL.md'))).toBe(true);
});

it('offers Codex its own scopes and its trust, and says what to do where there is no Codex', async () => {
  await start();
  await answer(HOST, 'Down', 'Enter');
  await until('the question', async () => (await screen()).includes(SCOPE));
  expect(await screen()).not.toContain('local: this checkout');
  await answer(SCOPE, 'Enter');
  await answer(ALLOW, 'Enter');
  await answer(SKILLS, 'Enter');
  await answer(WRITE, 'Enter');
  await answer(TRUST, 'y');
  expect(await ended()).toBe(1);
  expect(await screen()).toContain('Codex trust: no-codex');
  expect(existsSync(join(dirname(codexHooks()), 'rules'))).toBe(false);
  expect(existsSync(codexHooks())).toBe(true);
});

describe('writes nothing for who would rather not', () => {
  it.each<[string, [string, string][]]>([
    ['at the first question', [[HOST, 'C-c']]],
    [
      'at the scope',
      [
        [HOST, 'Enter'],
        [SCOPE, 'Escape'],
      ],
    ],
    [
      'at the permission',
      [
        [HOST, 'Enter'],
        [SCOPE, 'Enter'],
        [ALLOW, 'C-c'],
      ],
    ],
    [
      'at the skills',
      [
        [HOST, 'Enter'],
        [SCOPE, 'Enter'],
        [ALLOW, 'Enter'],
        [SKILLS, 'C-c'],
      ],
    ],
    [
      'when the difference is shown',
      [
        [HOST, 'Enter'],
        [SCOPE, 'Enter'],
        [ALLOW, 'Enter'],
        [SKILLS, 'Enter'],
        [WRITE, 'n'],
      ],
    ],
    [
      'at the trust',
      [
        [HOST, 'Down'],
        [HOST, 'Enter'],
        [SCOPE, 'Enter'],
        [ALLOW, 'Enter'],
        [SKILLS, 'Enter'],
        [WRITE, 'Enter'],
        [TRUST, 'C-c'],
      ],
    ],
  ])('%s', async (_name, answers) => {
    await start();
    for (const [question, key] of answers) await answer(question, key);
    expect(await ended()).toBe(0);
    expect(await screen()).toContain('nothing was written');
    expect([claudeSettings(), codexHooks(), place.data].map((path) => existsSync(path))).toEqual([
      false,
      false,
      false,
    ]);
    await server.type(pane, 'stty -a | grep -o "[-]*echo "');
    await until('a terminal that echoes', async () => /^echo/m.test(await screen()));
  });
});

it('says why it refuses before it asks to write', async () => {
  mkdirSync(dirname(claudeSettings()));
  writeFileSync(claudeSettings(), '{ // mine\n}');
  await start();
  await answer(HOST, 'Enter');
  await answer(SCOPE, 'Enter');
  await answer(ALLOW, 'Enter');
  await answer(SKILLS, 'Enter');
  expect(await ended()).toBe(1);
  expect(await screen()).toContain('settings.json:1:3: a comment');
  expect(await screen()).not.toContain(WRITE);
});

it('asks nothing where a flag is given, or where there is no terminal to ask in', async () => {
  await server.type(pane, 'stopgate install --scope user; echo "exit $?"');
  expect(await ended()).toBe(0);
  await server.type(
    pane,
    'clear; stopgate uninstall >out; echo | stopgate install | cat; echo done',
  );
  await until('the end', async () => /^done$/m.test(await screen()));
  expect(await screen()).not.toContain(HOST);
  expect(existsSync(claudeSettings())).toBe(true);
});
