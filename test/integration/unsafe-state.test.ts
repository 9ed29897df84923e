import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { quote } from '../support/agent.ts';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered } from '../support/installed-tree.ts';
import type { Scratch } from '../support/scratch.ts';
import { gateRecords, stateFile } from '../support/state-files.ts';

/** Only root can give a directory to somebody else, and become somebody else. */
const isRoot = process.getuid?.() === 0;
const SOMEBODY = 4242;
const APPROVE = { decision: 'approve' };

/** An owner whose build would hold it, on a machine where others can reach its directories. */
async function owner() {
  const place = scratch();
  const agent = host(place, 'first');
  const runtime = join(place.root, 'runtime');
  mkdirSync(runtime, { mode: 0o700 });
  expect(await agent.tool('stopgate build start "a task" --check false')).toMatchObject({
    code: 0,
  });
  for (const dir of [place.root, place.home, join(place.home, '.local'), dirname(place.paths.root)])
    chmodSync(dir, 0o755);
  return { place, agent, runtime };
}

function listing(dir: string): unknown[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
}

const UNSAFE: [string, (place: Scratch) => void, (place: Scratch) => string, boolean][] = [
  [
    'others may write to',
    ({ paths }) => chmodSync(paths.root, 0o777),
    ({ paths }) => `chmod go-w ${paths.root}`,
    false,
  ],
  [
    'others may move away',
    ({ paths }) => chmodSync(dirname(paths.root), 0o777),
    ({ paths }) => `chmod go-w ${dirname(paths.root)}`,
    false,
  ],
  [
    'is somebody else’s',
    ({ paths }) => chownSync(paths.root, SOMEBODY, SOMEBODY),
    ({ paths }) => `chown -R root ${paths.root}`,
    true,
  ],
];

for (const [what, spoil, command, needsRoot] of UNSAFE)
  it.skipIf(needsRoot && !isRoot)(
    `a state directory that ${what} holds nobody, and is named with what mends it`,
    async () => {
      const { place, agent, runtime } = await owner();
      spoil(place);
      const before = listing(place.paths.root);
      const stop = await agent.stop({ env: { XDG_RUNTIME_DIR: runtime } });
      expect(hookOutput(stop)).toEqual(APPROVE);
      expect(hookOutput(await agent.stop())).toEqual(APPROVE);
      expect(listing(place.paths.root)).toEqual(before);
      const record = readFileSync(join(runtime, 'stopgate/gate.jsonl'), 'utf8');
      expect(JSON.parse(record)).toMatchObject({
        session: 'first',
        verdict: 'approve',
        cause: 'error',
        error: expect.stringContaining('state directory is not safe'),
      });

      for (const words of ['status', 'build complete', 'gate mode off', 'install', 'uninstall']) {
        const refused = await agent.tool(`stopgate ${words}`);
        expect(refused).toMatchObject({ code: 1, stdout: '' });
        expect(refused.stderr).toContain(command(place));
      }
      const doctor = await agent.tool('stopgate doctor --fix');
      expect(doctor.stdout).toContain('broken   state directory');
      expect(doctor.stdout).toContain(command(place));
      expect(listing(place.paths.root)).toEqual(before);

      expect(await agent.tool(command(place))).toMatchObject({ code: 0 });
      expect(hookOutput(await agent.stop()).decision).toBe('block');
    },
  );

it('writes no record where no other place is safe', async () => {
  const { place, agent, runtime } = await owner();
  chmodSync(place.paths.root, 0o777);
  chmodSync(runtime, 0o777);
  const stop = await agent.stop({ env: { XDG_RUNTIME_DIR: runtime } });
  expect(hookOutput(stop)).toEqual(APPROVE);
  expect(existsSync(join(runtime, 'stopgate'))).toBe(false);
});

it('a link in the place of the log or of a state file is not followed', async () => {
  const { place, agent } = await owner();
  const theirs = join(place.root, 'theirs');
  writeFileSync(theirs, 'kept\n');
  rmSync(place.paths.events, { recursive: true, force: true });
  mkdirSync(place.paths.events, { mode: 0o700 });
  symlinkSync(theirs, place.paths.gateLog);
  expect(hookOutput(await agent.stop()).decision).toBe('block');
  expect(readFileSync(theirs, 'utf8')).toBe('kept\n');

  const build = join(place.root, 'build.json');
  writeFileSync(build, readFileSync(stateFile(place)));
  rmSync(stateFile(place));
  symlinkSync(build, join(place.paths.builds, `${readdirSync(place.paths.armedStop)[0]}.json`));
  expect(hookOutput(await agent.stop())).toEqual(APPROVE);
});

it.skipIf(!isRoot)(
  'a build that somebody else planted runs no check and holds nobody',
  async () => {
    const { place, agent } = await owner();
    const file = stateFile(place);
    const planted = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...planted, checks: [`touch ${place.root}/ran`] }));
    chownSync(file, SOMEBODY, SOMEBODY);
    expect(hookOutput(await agent.stop())).toEqual(APPROVE);
    expect(gateRecords(place)).toMatchObject([
      { error: expect.stringContaining('belongs to user') },
    ]);
    expect(await agent.tool(`stopgate build complete --build ${planted.id}`)).toMatchObject({
      code: 1,
    });
    expect(existsSync(join(place.root, 'ran'))).toBe(false);
  },
);

const AS_SOMEBODY = `setpriv --reuid=${SOMEBODY} --regid=${SOMEBODY} --clear-groups`;
const canUnshare =
  isRoot && spawnSync('sh', ['-c', `${AS_SOMEBODY} unshare -Ur true`]).status === 0;

it.skipIf(!canUnshare)(
  'in a user namespace, where root and everybody else is one unmapped user, holds all the same',
  async () => {
    const { place, agent } = await owner();
    expect(spawnSync('chown', ['-R', `${SOMEBODY}:${SOMEBODY}`, place.home]).status).toBe(0);
    const inside = (command: string) => `${AS_SOMEBODY} unshare -Ur sh -c ${quote(command)}`;
    expect(await agent.tool(inside('stopgate status'))).toMatchObject({ code: 0, stderr: '' });
    const stop = await agent.stop({ command: inside(registered()) });
    expect(hookOutput(stop).decision).toBe('block');
  },
);
