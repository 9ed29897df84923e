import { spawnSync } from 'node:child_process';
import type { HostId } from '../../../src/owner/identity.ts';
import type { Called } from '../agent.ts';
import type { Attack, Run } from '../attack.ts';
import { type Case, tryCases } from '../cases.ts';
import { BOUND_MS, hear, isBlock } from '../oracle.ts';
import { lineOf, recordedPayloads, sentBy } from '../payloads.ts';
import { type Scene, setScene } from '../scene.ts';

interface Limit extends Case {
  host: HostId;
  entry: string;
  event: string;
  from: 'owner' | 'stranger';
  shell: string;
  limit: string;
  /** Where it cannot write, or not even start, it may stay silent: that approves too. */
  mayBeSilent: boolean;
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** What a shell is told before it runs the registered command. */
const LIMITS: readonly (readonly [string, boolean])[] = [
  ...range(1, 24).map((n) => [`ulimit -n ${n}`, n < 12] as const),
  ...range(0, 12).map((n) => [`ulimit -u ${n}`, true] as const),
  ...[1_000, 10_000, 50_000, 200_000, 600_000].map(
    (kb) => [`ulimit -v ${kb}`, kb < 20_000] as const,
  ),
  ...[0, 1, 8].map((n) => [`ulimit -f ${n}`, false] as const),
  ['ulimit -c 0; ulimit -t 1', false],
  ['ulimit -s 64', true],
  ['exec >&-', true],
  ['exec >/dev/full', true],
  ['exec 2>&-', false],
  ['exec 2>/dev/full', false],
  ['exec <&-', false],
  ['exec <&- >&- 2>&-', true],
  ['PATH=/nonexistent', false],
  ['PATH=', false],
  ['unset PATH', false],
  ['unset HOME', true],
  ['HOME=relative', true],
  ['HOME=/nonexistent', true],
  ["HOME='/dev/null'", true],
  ['TMPDIR=/nonexistent', false],
  ['umask 000', false],
  ['IFS=/; export IFS', false],
  ['ENV=/nonexistent BASH_ENV=/nonexistent; export ENV BASH_ENV', false],
  ['NODE_OPTIONS=--nonsense; export NODE_OPTIONS', false],
  ['LC_ALL=C; export LC_ALL', false],
  ['cd /; PWD=relative; export PWD', false],
  ['mkdir -p "$TMPDIR/gone"; cd "$TMPDIR/gone"; rmdir "$TMPDIR/gone"', false],
  ['trap "" PIPE', false],
];

/** As the hosts run it: Claude by sh, Codex by bash; the others may be sh on a machine. */
const SHELLS = ['dash', 'bash', 'bash --posix', 'busybox sh', 'ksh', 'mksh', 'zsh --emulate sh'];

export const limits: Attack = {
  name: 'limits',
  title: 'no process, descriptor, memory, output, PATH or HOME left, under each shell',
  weight: 2,
  short: false,
  run: (run) =>
    tryCases(run, {
      cases: cases(run),
      short: 40,
      place: () => setScene(run),
      done: (scene) => scene.end(),
      work: (one, scene) => squeeze(run, one, scene),
    }),
};

function cases({ installed }: Run): Limit[] {
  const shells = SHELLS.filter((shell) => {
    const [file = '', ...args] = shell.split(' ');
    return spawnSync(file, [...args, '-c', ':']).status === 0;
  });
  const hosts: HostId[] = ['claude', 'codex'];
  return shells.flatMap((shell) =>
    LIMITS.flatMap(([limit, mayBeSilent]) =>
      hosts.flatMap((host) =>
        installed.entries.flatMap((entry) =>
          (['owner', 'stranger'] as const).map((from): Limit => {
            const event = EVENTS[entry] ?? 'Stop';
            const name = `${shell}: ${limit}, ${host} ${entry} of the ${from}`;
            return { name, host, entry, event, from, shell, limit, mayBeSilent };
          }),
        ),
      ),
    ),
  );
}

const EVENTS: Readonly<Record<string, string>> = {
  session: 'UserPromptSubmit',
  'shutdown-after-idle': 'PostToolUse',
};

/** What docs/adr/0012-launcher-exit-code.md leaves: shells that do not even start, and two that try again for long. */
function excuses({ shell, limit }: Limit, { code, ms }: Called): string[] {
  const retries = /^(bash|mksh)/.test(shell) && limit.startsWith('ulimit -u') && ms > BOUND_MS;
  if (retries) return ['the hook took longer than its timeout', 'the hook never ended'];
  const noStart = /^ulimit -[nvs]/.test(limit) && code !== 0 && code !== 2;
  const noMemory = /^ulimit -[vs]/.test(limit) && shell.startsWith('bash');
  return noStart || noMemory ? [`the hook ended with ${code}`] : [];
}

async function squeeze(run: Run, one: Limit, scene: Scene): Promise<void> {
  const { name, host, entry, event, from, shell, limit, mayBeSilent } = one;
  const session = (from === 'owner' ? scene.owners : scene.strangers)[host];
  const recorded = recordedPayloads().find((it) => it.host === host && it.event === event);
  if (recorded === undefined) return;
  scene.reset();
  const script = `${limit}\n${scene.world.hook(host, entry)}`;
  const ran = await session.agent.call({
    command: `exec ${shell} -c '${script.replaceAll("'", String.raw`'\''`)}'`,
    input: lineOf(sentBy(recorded, session.id, scene.world.project)),
  });
  const { answer, problems } = hear(host, entry, ran);
  const silent = ran.stdout === '' && mayBeSilent;
  if (silent) run.count('silent, which approves');
  const excused = [...(silent ? ['stdout is not one JSON object'] : []), ...excuses(one, ran)];
  for (const what of problems.filter((it) => !excused.includes(it))) {
    const detail = `code ${ran.code}, stdout ${JSON.stringify(ran.stdout.slice(0, 100))}`;
    run.defect(what, name, `${detail}, ${ran.stderr.slice(0, 200)}`);
  }
  if (isBlock(answer) && from !== 'owner')
    run.defect('it held a session that is not the owner', name, '');
  const owner = scene.owners[host];
  const next = hear(
    host,
    'stop-gate-router',
    await scene.stop(owner, { last_assistant_message: 'next' }),
  );
  if (!isBlock(next.answer)) run.defect('the owner is not held after the fault is gone', name, '');
}
