import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { useSettings } from './support/authority.ts';
import { endCodexAfterTest } from './support/codex-daemon.ts';
import { codexScratch, runTrusted } from './support/codex-trusted.ts';
import { openCodex, turnEnded } from './support/codex-tui.ts';
import { codexWire } from './support/codex-wire.ts';
import { type Answer, inOrder, startModelServer } from './support/model-server.ts';
import { configureCodex } from './support/run-codex.ts';
import { buildState, gateEvents, stateFile, stopgate, tryStopgate } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';

const START = 'stopgate build start "Add a greeting" --check "sh check.sh"';

it('lets nothing run outside of the sandbox in workspace-write, from a call or from a hook', {
  tags: 'smoke',
}, async () => {
  const { place, outside, made, escaped, run } = await prepare();
  await useSettings(place, { checksOnStop: true });
  writeFileSync(join(place.project, 'stopgate.config.json'), '{"checksOnStop": true}');
  const waiting = `stopgate build wait --until "touch ${outside}; test -e go" --for 5m`;
  const [direct, planted, tree, , watched, atStop, wait, , phase] = await run(
    'workspace-write',
    { run: `touch ${outside}` },
    { run: './stopgate build status' },
    { run: `${START} --worktree` },
    { run: START },
    { run: `stopgate build watch any 99999999999999 "touch ${outside}"` },
    { say: 'I would rather stop here.' },
    { run: 'rm made && echo the hook ran it' },
    { run: waiting },
    { run: 'sleep 1; touch go' },
    { run: 'stopgate build phase complete' },
    { say: 'Done.' },
  );

  expect(direct).toContain('Read-only file system');
  expect(planted).toContain('Read-only file system');
  expect(tree).toContain(
    'A person can do it, in a terminal in this repository: stopgate build start',
  );
  expect(watched).toContain('runs inside a sandbox');
  expect(atStop).toContain('the hook ran it');
  expect(wait).toContain('waits for touch');
  expect(phase).toMatch(/checking \(inside Codex's sandbox\): sh check\.sh[\s\S]*: complete/);
  expect(gateEvents(place)[0]).toMatchObject({ verdict: 'block' });
  expect(escaped()).toBe(false);
  expect(existsSync(made)).toBe(true);
  expect(existsSync(`${place.project}.worktrees`)).toBe(false);
  expect(buildState(place).phase).toBe('complete');
});

it('keeps a check as it was written down in read-only: for its own session, for a claim of success, for a person', async () => {
  const { place, outside, escaped, run } = await prepare();
  const [direct, , , forged, , , complete] = await run(
    'read-only',
    { run: `touch ${outside}` },
    { run: START },
    { run: 'stopgate build step "all tests pass" --tests 9 --passing 9' },
    { run: 'PATH=$PWD:$PATH stopgate build complete' },
    { run: `echo '{}' > ${place.state}/builds/x.json` },
    { run: 'stopgate build phase verifying --evidence "all green"' },
    { run: 'stopgate build complete' },
    { say: 'Done.' },
  );
  expect(direct).toContain('Read-only file system');
  expect(forged).not.toContain(': complete');
  expect(complete).toContain("failed (exit code 1, inside Codex's sandbox)");
  const { id } = buildState(place);
  const phase = () => buildState(place).phase;
  expect(phase()).toBe('verifying');

  const deputy = await tryStopgate(place, 'build', 'complete', '--build', id);
  expect(deputy).toContain("checking (inside Codex's sandbox): sh check.sh");
  expect(deputy).toContain('Read-only file system');
  rmSync(join(place.codexHome, 'sessions'), { recursive: true });
  const unknown = await tryStopgate(place, 'build', 'complete', '--build', id);
  expect(unknown).toContain('not run with the rights that you have here');
  expect(escaped()).toBe(false);
  expect(phase()).toBe('verifying');
});

it('gives a session of danger-full-access what it has, and runs no hook of its repository', async () => {
  const { place, outside, escaped, run } = await prepare();
  await run(
    'danger-full-access',
    { run: `${START} --worktree` },
    { run: `test ! -e ${outside} && touch ${place.root}/no-hook-ran` },
    { run: 'cd ../project.worktrees/*/ && touch check.sh' },
    { run: `echo 'touch ${outside}' > ../project.worktrees/$(ls ../project.worktrees)/check.sh` },
    { run: 'stopgate build complete' },
    { say: 'Done.' },
  );
  expect(existsSync(join(place.root, 'no-hook-ran'))).toBe(true);
  expect(escaped()).toBe(true);
  expect(JSON.parse(readFileSync(stateFile(place), 'utf8'))).toMatchObject({
    phase: 'complete',
    checksFrom: { by: 'codex', contained: false },
  });
});

it('asks nobody and lets nothing out where Codex asks for approval, in its daemon', async () => {
  const answers: [Answer, ...Answer[]] = [
    { run: START },
    { run: 'stopgate build wait --until "sh check.sh; test -e go" --for 5m' },
    { run: 'stopgate build complete' },
    { say: 'Greeted.' },
  ];
  const model = await startModelServer(codexWire, inOrder(answers));
  const { place, made, escaped } = await prepare(model.url, [
    ['"never"', '"on-request"'],
    ['"danger-full-access"', '"workspace-write"'],
  ]);
  endCodexAfterTest(place);
  const pane = await openCodex(privateTmux(place, { FAKE_KEY: 'dummy' }), 'work');
  await pane.enter('Please add a greeting');
  await turnEnded(pane, 'Greeted.');
  expect(buildState(place)).toMatchObject({ phase: 'complete', owner: { agent: null } });
  expect(existsSync(made)).toBe(true);
  expect(escaped()).toBe(false);
});

/**
 * A repository whose every program leaves `outside` behind, and `made` where that is allowed. It lies below /var/tmp: the
 * sandbox lets everybody write in /tmp.
 */
async function prepare(url = 'http://127.0.0.1:9', configuration: [string, string][] = []) {
  vi.stubEnv('TMPDIR', '/var/tmp');
  const place = codexScratch();
  vi.unstubAllEnvs();
  place.env.TMPDIR = '/tmp';
  configureCodex(place, url);
  const config = join(place.codexHome, 'config.toml');
  for (const [from, to] of configuration)
    writeFileSync(config, readFileSync(config, 'utf8').replace(from, to));
  await stopgate(place, 'install', '--host', 'codex', '--trust', '--allow');
  const outside = join(place.root, 'outside');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: place.project });
  git('init', '-q', '-b', 'main');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'one');
  for (const name of ['check.sh', 'stopgate', '.git/hooks/post-checkout'])
    writeFileSync(join(place.project, name), `#!/bin/sh\ntouch ${outside}\ntouch made\n`, {
      mode: 0o755,
    });
  return {
    place,
    outside,
    made: join(place.project, 'made'),
    escaped: () => existsSync(outside),
    /** What each command gave in one session of Codex. */
    run: async (mode: string, ...answers: Answer[]): Promise<string[]> => {
      const { model } = await runTrusted(place, answers, ['-s', mode]);
      return model.turns.at(-1)?.results ?? [];
    },
  };
}
