import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostId } from '../../../src/owner/identity.ts';
import type { Attack, Run } from '../attack.ts';
import { type Case, tryCases } from '../cases.ts';
import { hear, isBlock } from '../oracle.ts';
import { lineOf, plainStop, recordedPayloads, sentBy } from '../payloads.ts';
import { type Scene, setScene } from '../scene.ts';
import { unclear } from '../strike.ts';

interface Trap extends Case {
  trap: string;
  what: string;
  host: HostId;
  /** The person has an authority that asks git about every stop. */
  rules: boolean;
}

/** Makes a repository that hurts whoever reads it; `touch` is a command that would leave a mark. */
type Make = (dir: string, touch: string) => void;

const git = (dir: string, ...args: string[]) =>
  execFileSync('git', ['-C', dir, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    stdio: 'pipe',
    env: { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
  });

const repository = (dir: string) => {
  git(dir, 'init', '-q', '-b', 'main');
  writeFileSync(join(dir, 'PLAN.md'), '- [ ] one\n');
  git(dir, 'add', '.');
  git(dir, 'commit', '-q', '-m', 'a plan');
};

const configured =
  (...settings: (readonly [string, (touch: string) => string])[]): Make =>
  (dir, touch) => {
    repository(dir);
    for (const [key, value] of settings) git(dir, 'config', key, value(touch));
    writeFileSync(join(dir, '.gitattributes'), '* filter=x diff=x merge=x\n');
    writeFileSync(join(dir, 'PLAN.md'), '- [x] one\n- [ ] two\n');
  };

const TRAPS: Readonly<Record<string, Make>> = {
  '.git is a FIFO': (dir) => execFileSync('mkfifo', [join(dir, '.git')]),
  '.git is a link to /dev/zero': (dir) => symlinkSync('/dev/zero', join(dir, '.git')),
  '.git is a link to itself': (dir) => symlinkSync('.git', join(dir, '.git')),
  '.git is a huge file': (dir) => {
    writeFileSync(join(dir, '.git'), 'gitdir: x');
    truncateSync(join(dir, '.git'), 2 ** 32);
  },
  '.git leads to /dev/zero': (dir) => writeFileSync(join(dir, '.git'), 'gitdir: /dev/zero\n'),
  '.git leads to itself': (dir) => writeFileSync(join(dir, '.git'), 'gitdir: .git\n'),
  '.git leads to a text of 1 MB': (dir) =>
    writeFileSync(join(dir, '.git'), `gitdir: ${'a/'.repeat(500_000)}\n`),
  'HEAD is a FIFO': (dir) => {
    repository(dir);
    rmSync(join(dir, '.git/HEAD'));
    execFileSync('mkfifo', [join(dir, '.git/HEAD')]);
  },
  'HEAD is a link to /dev/zero': (dir) => {
    repository(dir);
    rmSync(join(dir, '.git/HEAD'));
    symlinkSync('/dev/zero', join(dir, '.git/HEAD'));
  },
  'HEAD names a place outside': (dir) => {
    repository(dir);
    writeFileSync(join(dir, '.git/HEAD'), 'ref: ../../../../../../../dev/zero\n');
  },
  'packed-refs is a FIFO': (dir) => {
    repository(dir);
    git(dir, 'pack-refs', '--all');
    rmSync(join(dir, '.git/packed-refs'));
    execFileSync('mkfifo', [join(dir, '.git/packed-refs')]);
  },
  'the branch is a FIFO': (dir) => {
    repository(dir);
    rmSync(join(dir, '.git/refs/heads/main'));
    execFileSync('mkfifo', [join(dir, '.git/refs/heads/main')]);
  },
  'commondir is a FIFO': (dir) => {
    repository(dir);
    execFileSync('mkfifo', [join(dir, '.git/commondir')]);
  },
  'commondir is a link to /dev/zero': (dir) => {
    repository(dir);
    symlinkSync('/dev/zero', join(dir, '.git/commondir'));
  },
  'settings of the project are a FIFO': (dir) => {
    repository(dir);
    execFileSync('mkfifo', [join(dir, 'stopgate.config.json')]);
  },
  'settings of the project are a link to /dev/zero': (dir) => {
    repository(dir);
    symlinkSync('/dev/zero', join(dir, 'stopgate.config.json'));
  },
  'filters and diffs that run something': configured(
    ['filter.x.clean', (touch) => touch],
    ['filter.x.smudge', (touch) => touch],
    ['filter.x.process', (touch) => touch],
    ['diff.x.textconv', (touch) => touch],
    ['diff.x.command', (touch) => touch],
    ['diff.external', (touch) => touch],
    ['merge.x.driver', (touch) => touch],
  ),
  'a monitor, a pager and a signature check that run something': configured(
    ['core.fsmonitor', (touch) => touch],
    ['core.pager', (touch) => touch],
    ['pager.log', (touch) => touch],
    ['gpg.program', (touch) => touch.split(' ')[0] ?? ''],
    ['log.showSignature', () => 'true'],
    ['core.editor', (touch) => touch],
    ['core.sshCommand', (touch) => touch],
    ['credential.helper', (touch) => `!${touch}`],
    ['alias.log', (touch) => `!${touch}`],
    ['alias.status', (touch) => `!${touch}`],
  ),
  'hooks of the repository': (dir, touch) => {
    repository(dir);
    for (const name of HOOKS) {
      writeFileSync(join(dir, '.git/hooks', name), `#!/bin/sh\n${touch}\n`, { mode: 0o755 });
    }
  },
  'hooks from elsewhere': (dir, touch) => {
    repository(dir);
    mkdirSync(join(dir, 'h'));
    for (const name of HOOKS) {
      writeFileSync(join(dir, 'h', name), `#!/bin/sh\n${touch}\n`, { mode: 0o755 });
    }
    git(dir, 'config', 'core.hooksPath', 'h');
  },
};

const HOOKS = ['post-checkout', 'reference-transaction', 'post-index-change', 'fsmonitor-watchman'];

/** What is done there: a stop of each kind of session, and the commands that look at a repository. */
const WHATS = [
  'owner stops',
  'stranger stops',
  'stranger starts',
  "stopgate build start 'another task'",
  "stopgate build start 'another task' --worktree",
  'stopgate build step x',
  'stopgate status --why',
  'stopgate doctor',
  'stopgate worktree cleanup --json',
];

export const hostileGit: Attack = {
  name: 'git',
  title: 'repositories that wait, never end, or run programs of their own',
  weight: 2,
  short: false,
  run: (run) =>
    tryCases(run, {
      cases: cases(),
      short: 24,
      place: () => setScene(run),
      done: (scene) => scene.end(),
      work: (one, scene) => enter(run, one, scene),
    }),
};

function cases(): Trap[] {
  const hosts: HostId[] = ['claude', 'codex'];
  return Object.keys(TRAPS).flatMap((trap) =>
    hosts.flatMap((host) =>
      WHATS.flatMap((what) =>
        [false, true].map((rules) => {
          const name = `${trap}: ${host}, ${what}${rules ? ', with rules' : ''}`;
          return { name, trap, what, host, rules };
        }),
      ),
    ),
  );
}

async function enter(run: Run, { name, trap, what, host, rules }: Trap, scene: Scene) {
  const { world } = scene;
  scene.reset();
  const dir = join(world.root, 'trap');
  const marks = join(world.root, 'mark');
  for (const path of [dir, marks, `${dir}.worktrees`])
    rmSync(path, { recursive: true, force: true });
  mkdirSync(dir);
  mkdirSync(marks, { mode: 0o777 });
  const touch = join(world.root, 'touch');
  writeFileSync(touch, `#!/bin/sh\necho "$0 $*" >"${marks}/$$"\ncat\n`, { mode: 0o755 });
  TRAPS[trap]?.(dir, touch);
  rmSync(marks, { recursive: true });
  mkdirSync(marks, { mode: 0o777 });
  for (const path of [dir, marks]) give(path, world.uid);
  if (rules) setRules(scene);

  const owner = scene.owners[host];
  const session = what.startsWith('owner') ? owner : scene.strangers[host];
  const event = what.endsWith('stops') ? 'Stop' : what.endsWith('starts') ? 'SessionStart' : null;
  const recorded = recordedPayloads().find((it) => it.host === host && it.event === event);
  const entry = event === 'Stop' ? 'stop-gate-router' : 'session';
  const payload = event === 'Stop' ? plainStop(host) : recorded;
  const ran = await session.agent.call(
    payload === undefined
      ? { command: what, cwd: dir, timeoutMs: COMMAND_MS }
      : {
          command: world.hook(host, entry),
          input: lineOf({
            ...sentBy(payload, session.id, dir),
            last_assistant_message: BROKEN_OFF,
          }),
          cwd: dir,
        },
  );
  const { answer, problems } =
    payload === undefined ? { answer: null, problems: unclear(ran) } : hear(host, entry, ran);
  if (existsSync(marks) && execFileSync('ls', [marks]).length > 0) {
    problems.push('a program of the repository ran');
  }
  if (isBlock(answer) && session !== owner && !rules) {
    problems.push('it held a session that is not the owner');
  }
  for (const problem of problems) {
    run.defect(problem, name, `${ran.stderr.slice(0, 300)} ${ran.stdout.slice(0, 100)}`);
  }
}

/** A command asks git several times, and git itself may never end there. */
const COMMAND_MS = 120_000;

const BROKEN_OFF = 'Step 1 is in. Moving on to step 2.';

function give(path: string, uid: number | undefined): void {
  if (uid !== undefined) execFileSync('chown', ['-hR', `${uid}:${uid}`, path]);
}

function setRules({ world }: Scene): void {
  const dir = join(world.home, '.config/stopgate');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ authority: { kind: 'rules' } }));
  give(join(world.home, '.config'), world.uid);
}
