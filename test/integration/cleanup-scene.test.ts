import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { makeScene } from '../support/cleanup-scene.ts';
import { cli } from '../support/cli.ts';
import { type Leftovers, leftovers } from '../support/leftovers.ts';

/** What the report says of each leftover (test/support/cleanup-scene.ts): class and gate. */
const EXPECTED: Record<string, string> = {
  'tmux attached': 'active attached',
  'tmux grouped': 'active attached',
  'tmux grouped-view': 'foreign foreign',
  'tmux silent-group': 'indeterminate liveness-uncertain',
  'tmux silent-view': 'foreign foreign',
  'tmux linked': 'indeterminate liveness-uncertain',
  'tmux working': 'active live',
  'tmux waiting': 'active live',
  'tmux building': 'active live',
  'tmux job-2': 'active live',
  'tmux split': 'active live',
  'tmux nest': 'active live',
  'tmux in': 'foreign foreign',
  'tmux idle': 'completed-retained retained',
  'tmux with-role': 'completed-retained retained',
  'tmux kept': 'retained retained',
  'tmux released': 'cleanup-eligible grace',
  'tmux called-otherwise': 'cleanup-eligible grace',
  'tmux job': 'cleanup-eligible grace',
  'tmux done': 'cleanup-eligible grace',
  'tmux failed': 'runtime-mismatch runtime-mismatch',
  'tmux respawned': 'runtime-mismatch runtime-mismatch',
  'tmux forgotten': 'registry-missing registry-missing',
  'tmux person': 'foreign foreign',
  'tmux sg-0123456789abcdef': 'foreign foreign',
  'tmux looks-at-attached': 'foreign foreign',
  'tmux looks-at-grouped-view': 'foreign foreign',
  'tmux person-again': 'foreign foreign',
  'tmux cleared': 'active live',
  'record persons': 'active live',
  'record cleared': 'closed null',
  'record ended': 'closed null',
  'record lost': 'stale-record null',
  'record paneless': 'stale-record null',
  'record reused': 'stale-record null',
  'record before': 'stale-record null',
  'launch lost': 'stale-record null',
  'launch ended': 'stale-record null',
  'launch paneless': 'stale-record null',
  'launch reused': 'stale-record null',
  'launch before': 'stale-record null',
  'launch hung': 'indeterminate tmux-timeout',
  'server hang': 'indeterminate tmux-timeout',
  'file torn.json': 'indeterminate liveness-uncertain',
};

const DOC = readFileSync(new URL('../../docs/cleanup.md', import.meta.url), 'utf8');
const ENDED = ['released', 'called-otherwise', 'job', 'done'];
const GONE = Object.keys(EXPECTED).filter((name) => EXPECTED[name]?.endsWith(' null'));

interface Item {
  kind: string;
  class: string;
  keptBy: string | null;
  verdict: string;
  reason: string | null;
  evidence: {
    name?: string;
    socket?: string;
    path?: string;
    record?: { sessionId: string };
    launch?: { pane: { sessionName: string } };
  };
}

function nameOf({ kind, evidence }: Item): string {
  const { name, record, launch, socket = '', path = '' } = evidence;
  const server = kind === 'server' ? basename(socket) : undefined;
  const what = name ?? record?.sessionId ?? launch?.pane.sessionName ?? server ?? basename(path);
  return `${kind} ${what}`;
}

async function report(l: Leftovers, args: string[]): Promise<Map<string, Item>> {
  const { code, stdout } = await cli(l.place, ['session', ...args, '--json']);
  expect(code).toBe(1);
  return new Map((JSON.parse(stdout).items as Item[]).map((item) => [nameOf(item), item]));
}

/** Every file of the state directory with its bytes and times, and everything that the tmux servers hold. */
async function fingerprint({ place, server: _, main, sessions }: Leftovers): Promise<string> {
  const hash = createHash('sha256');
  const all = readdirSync(place.paths.root, { recursive: true, withFileTypes: true });
  for (const entry of all.map((one) => join(one.parentPath, one.name)).sort()) {
    const stat = statSync(entry);
    hash.update(`${entry} ${stat.mode} ${stat.isFile() ? stat.mtimeMs : ''}\n`);
    if (stat.isFile()) hash.update(readFileSync(entry));
  }
  const panes = '#{session_id} #{session_name} #{pane_id} #{pane_pid} #{pane_dead} #{@stopgate}';
  hash.update(await main.ask('list-panes', '-a', '-F', panes));
  for (const name of ['viewer', 'inner', 'again', 'dead'])
    hash.update((await sessions(name)).join());
  return hash.digest('hex');
}

it('tells 40 leftovers apart, writes nothing until it is forced, and then ends exactly the candidates', async () => {
  const l = await leftovers();
  await makeScene(l);
  await sleep(10_500);
  const before = await fingerprint(l);

  const seen = await report(l, ['report', '--older-than', '1s']);
  expect(classes(seen)).toEqual(EXPECTED);
  for (const { evidence } of seen.values())
    for (const key of Object.keys(evidence)) expect(DOC).toContain(key);

  const plan = join(l.place.root, 'plan.json');
  await report(l, ['report', '--older-than', '1s', '--plan', plan]);
  const dry = await report(l, ['prune', '--older-than', '1s']);
  expect(verdicts(dry, 'would_delete').sort()).toEqual(GONE.toSorted());
  await report(l, ['prune', '--older-than', '1s', '--force', '--dry-run']);
  await report(l, [
    'report',
    '--older-than',
    '1s',
    '--plan',
    join(l.place.root, 'none'),
    '--dry-run',
  ]);
  for (const args of [
    ['session', 'delete', 'lost'],
    ['session', 'delete', 'lost', '--force', '--dry-run'],
    ['session', 'keep', 'idle', '--reason', 'x', '--dry-run'],
    ['session', 'release', 'kept', '--dry-run'],
    ['session', 'list'],
  ]) {
    expect((await cli(l.place, args)).code).toBe(0);
  }
  expect(await fingerprint(l)).toBe(before);

  await sleep(10_500);
  const sessions = await l.sessions('default');
  const forced = await report(l, ['prune', '--plan', plan, '--force']);
  const ended = ENDED.map((name) => `tmux ${name}`);
  expect(verdicts(forced, 'deleted').sort()).toEqual([...ended, ...GONE].sort());
  expect(await l.sessions('default')).toEqual(sessions.filter((name) => !ENDED.includes(name)));

  const after = classes(await report(l, ['report']));
  const left = Object.entries(EXPECTED).filter(([name]) => ![...ended, ...GONE].includes(name));
  expect(after).toMatchObject(Object.fromEntries(left));
  expect(Object.keys(after).sort()).toEqual(
    [...left.map(([name]) => name), 'record released', 'record renamed'].sort(),
  );
}, 120_000);

function classes(items: Map<string, Item>): Record<string, string> {
  return Object.fromEntries(
    [...items].map(([name, item]) => [name, `${item.class} ${item.keptBy}`]),
  );
}

function verdicts(items: Map<string, Item>, verdict: string): string[] {
  return [...items].filter(([, item]) => item.verdict === verdict).map(([name]) => name);
}
