import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { machineId } from '../../src/owner/machine.ts';
import { updateSession } from '../../src/session/store.ts';
import { recordOf } from '../session/scene.ts';
import { quote } from '../support/agent.ts';
import { cli } from '../support/cli.ts';
import { hookOutput } from '../support/expect-output.ts';
import { host } from '../support/host.ts';
import { placeLauncher } from '../support/installed-tree.ts';
import { gitIn, makeRepository } from '../support/repository.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';
import { gateRecords, readState, stateFile } from '../support/state-files.ts';
import { tmuxServer } from '../support/tmux-server.ts';
import { until } from '../support/until.ts';

/** Names a window, clears the screen, paints by a C1 byte, turns the text around, and tries to forge a line. */
const HOSTILE = 'a\u001b]0;owned\u0007\u001b[2J\u009b31m\u202ez\nstopgate: forged';
/** The same as the name of a directory. */
const DIRECTORY = HOSTILE.replaceAll('/', '-');
const SHOWN = String.raw`\x1b]0;owned\x07\x1b[2J\x9b31m\u202ez`;

/** What acts on a terminal; a line break and a tab do no harm. */
const ACTIVE = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const OUR_COLOURS = new RegExp(`${'\u001b'}\\[\\d+m`, 'g');

/** A machine on which everything that can be named by somebody else is named {@link HOSTILE}. */
function hostilePlace(): Scratch {
  const place = makeScratch(DIRECTORY);
  onTestFinished(() => place.remove());
  placeLauncher(place);
  makeRepository(place);
  writeFileSync(join(place.project, 'stopgate.config.json'), JSON.stringify({ [HOSTILE]: 1 }));
  mkdirSync(join(place.home, '.claude'));
  writeFileSync(
    join(place.home, '.claude/settings.json'),
    `{"model":"${HOSTILE.slice(0, 1)}\u009b31m\u202e"}`,
  );
  const record = recordOf({
    sessionId: HOSTILE,
    machine: machineId(),
    cwd: place.project,
    retained: { by: HOSTILE, at: '2026-01-01', reason: HOSTILE },
  });
  updateSession(place.paths, HOSTILE, 1000, () => record);
  return place;
}

/** Command lines that each name something hostile. */
function commands(id: string): string[] {
  const text = quote(HOSTILE);
  return [
    'stopgate doctor',
    'stopgate status --why',
    'stopgate session list',
    'stopgate session report',
    `stopgate session keep ${text} --reason ${text}`,
    `stopgate build start ${text} --owner-session s1`,
    `stopgate build status --build ${id}`,
    `stopgate build complete --build ${id}`,
    `stopgate build wait --build ${id} --until ${text}`,
    'stopgate install --dry-run --host all',
    'stopgate install --dry-run --scope project',
    'stopgate worktree cleanup',
    `stopgate worktree cleanup ${text}`,
    `stopgate run --role ${text} -- true`,
    `stopgate gate log`,
    `stopgate gate annotate ${text} correct`,
    `stopgate ${text}`,
    `stopgate build ${text}`,
    `stopgate gate log --since ${text}`,
  ];
}

it('other people’s text reaches a terminal only escaped, in every command', async () => {
  const place = hostilePlace();
  const check = `printf '%s\\n' ${quote(HOSTILE)}; false`;
  const started = ['build', 'start', HOSTILE, '--owner-session', 's1', '--check', check];
  expect(await cli(place, started)).toMatchObject({ code: 0 });
  const { id } = readState(place);
  gitIn(place, place.project, 'worktree', 'add', '-q', '-b', 'other', join(place.home, 'tree'));
  await host(place, HOSTILE).stop();

  const server = tmuxServer(place);
  onTestFinished(() => server.stop());
  const pane = await server.session('work');
  const raw = join(place.root, 'raw');
  const script = join(place.root, 'all.sh');
  const lines = commands(id).map((line, at) => `echo "== ${at}"; ${line}`);
  writeFileSync(
    script,
    [`cd ${quote(place.project)}`, ...lines, 'echo all-is-over', ''].join('\n'),
  );
  await server.type(pane, 'PS1="# "; clear');
  await server.ask('pipe-pane', '-t', pane, `cat >${raw}`);
  await server.type(pane, `sh ${script}`);
  const all = await until(
    'every command to end',
    () => {
      const text = readIfAny(raw);
      return text.includes('all-is-over') && text;
    },
    50_000,
  );

  const parts = all.split(/== \d+\r\n/).slice(1);
  expect(parts).toHaveLength(commands(id).length);
  for (const [at, part] of parts.entries()) {
    const line = commands(id)[at] ?? '';
    const rest = part.replace(OUR_COLOURS, '').replaceAll('\r\n', '\n');
    expect(rest, line).not.toMatch(ACTIVE);
    expect(rest, line).not.toMatch(/^stopgate: forged/m);
    expect(rest, line).not.toContain('defect of stopgate');
  }
  const silent = commands(id).filter((_, at) => !parts[at]?.includes('owned'));
  expect(silent).toEqual([]);
  expect(parts.filter((part) => part.includes(SHOWN)).length).toBeGreaterThanOrEqual(12);

  // The install that asks draws by escape sequences of its own, so here only theirs are looked for.
  writeFileSync(script, `cd ${quote(place.project)} && exec stopgate install\n`);
  await server.type(pane, `sh ${script}`);
  for (const question of [
    'which agent',
    'which settings',
    'without asking',
    'Add the two',
    'Write',
  ])
    await until(question, async () => {
      if (readIfAny(raw).slice(all.length).includes(question)) return true;
      await server.ask('send-keys', '-t', pane, 'Enter');
      return false;
    });
  const asked = readIfAny(raw).slice(all.length);
  expect(asked).toContain(SHOWN);
  expect(asked).not.toContain(HOSTILE.slice(0, 10));
  expect(asked).not.toMatch(/[\u0080-\u009f\u202a-\u202e]/);
});

it('--json escapes by the rules of JSON, and keeps every byte', async () => {
  const place = hostilePlace();
  await cli(place, ['build', 'start', HOSTILE, '--owner-session', 's1']);
  for (const args of [['status'], ['session', 'list'], ['doctor'], ['install', '--dry-run']]) {
    const { stdout } = await cli(place, [...args, '--json']);
    expect(stdout).not.toMatch(ACTIVE);
    expect(JSON.stringify(JSON.parse(stdout))).toContain(
      JSON.stringify('\u009b31m\u202e').slice(1, -1),
    );
  }
});

it('what a hook sends to its host, and what is kept, holds no character that acts', async () => {
  const place = hostilePlace();
  const agent = host(place, 'first');
  const task = `${HOSTILE}\u200f\u061c`;
  await agent.tool(`stopgate build start ${quote(task)} --check false`);
  const stop = hookOutput(await agent.stop());
  expect(stop.decision).toBe('block');
  expect(JSON.stringify(stop)).toContain('owned');
  expect(stop.reason).not.toMatch(ACTIVE);
  expect(gateRecords(place)).toHaveLength(1);
  for (const file of [stateFile(place), place.paths.gateLog])
    expect(readFileSync(file, 'utf8')).not.toMatch(ACTIVE);
});

function readIfAny(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
