import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { machineId } from '../../src/owner/machine.ts';
import { updateSession } from '../../src/session/store.ts';
import { readRequest, writeRequest } from '../../src/shutdown/request.ts';
import { recordOf } from '../session/scene.ts';
import { requestOf } from '../shutdown/make.ts';
import { cli } from '../support/cli.ts';
import { scratch } from '../support/fixture.ts';
import { DONE, leftovers } from '../support/leftovers.ts';
import { until } from '../support/until.ts';

const HOUR_MS = 3_600_000;
const gone = { machine: machineId(), agent: { pid: 999_999_999, start: 'boot:1' }, pane: null };
const ended = { ...gone, status: 'stopped' as const, endedAt: '2026-01-01T00:00:00.000Z' };

function withRecords(...records: Parameters<typeof recordOf>[0][]) {
  const place = scratch();
  for (const change of records) {
    const record = recordOf({ ...gone, ...change });
    updateSession(place.paths, record.sessionId, 1000, () => record);
  }
  return place;
}

it.each<[string[], number]>([
  [['session', 'prune'], 2],
  [['session', 'prune', '--older-than', '7'], 2],
  [['session', 'prune', '--older-than', '0d'], 2],
  [['session', 'prune', '--older-than', '7d', '--plan', 'x'], 2],
  [['session', 'prune', '--older-than', '7d', '--everything'], 2],
  [['session', 'keep', 'a'], 2],
  [['session', 'keep', 'a', '--reason', ' '], 2],
  [['session', 'delete'], 2],
  [['log', 'prune'], 2],
  [['session', 'delete', 'nobody'], 1],
  [['session', 'prune', '--plan', 'nowhere'], 1],
  [['session', 'report'], 0],
  [['session', 'prune', '--older-than', '7d', '--force'], 0],
  [['log', 'prune', '--unreferenced', '--force'], 0],
])('`stopgate %j` ends with %i', async (args, code) => {
  const ran = await cli(withRecords(), args);
  expect(ran).toMatchObject({ code });
  if (code > 0) expect(ran.stderr).not.toBe('');
});

it('deletes one record that is over, by its whole id only, and only by force', async () => {
  const place = withRecords(ended, { ...ended, sessionId: 'session-a-2' }, { sessionId: 'lost' });
  const remove = (...args: string[]) => cli(place, ['session', 'delete', ...args]);
  expect(await remove('session', '--force')).toMatchObject({ code: 1 });
  expect(await remove('session-a')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^would_delete {2}closed {2}claude session session-a: .*\nsummary: deleted=0 would_delete=1 kept=0 refused=0$/,
    ),
  });
  expect(await remove('session-a', '--force', '--dry-run')).toMatchObject({ code: 0 });
  expect(existsSync(place.paths.session('session-a'))).toBe(true);
  expect(await remove('session-a', '--force')).toMatchObject({ code: 0 });
  expect(await remove('lost', '--force')).toMatchObject({ code: 0 });
  expect(existsSync(place.paths.session('session-a'))).toBe(false);
  expect(existsSync(place.paths.session('session-a-2'))).toBe(true);
  const ledger = readFileSync(place.paths.cleanupLog, 'utf8')
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l));
  expect(ledger).toMatchObject([
    { step: 'begin', action: { do: 'delete-record', sessionId: 'session-a' } },
    { step: 'end', outcome: 'deleted' },
    { step: 'begin' },
    { step: 'end' },
  ]);
});

it.each<[string, Parameters<typeof recordOf>[0], string]>([
  ['lives', { agent: null }, 'liveness-uncertain'],
  ['is kept', { ...ended, retained: { by: 'me', at: '2026-01-01', reason: 'r' } }, 'retained'],
  ['is of another machine', { ...ended, machine: 'another' }, 'foreign'],
])('refuses to delete a record that %s', async (_name, change, reason) => {
  const place = withRecords(change);
  const { code, stdout } = await cli(place, ['session', 'delete', 'session-a', '--force']);
  expect(code).toBe(1);
  expect(stdout).toContain(`refused(${reason})`);
  expect(existsSync(place.paths.session('session-a'))).toBe(true);
});

it('keeps and releases by name, and says who and why', async () => {
  const place = withRecords(ended);
  const { stdout } = await cli(place, ['session', 'keep', 'session-a', '--reason', 'a demo'], {
    CLAUDE_CODE_SESSION_ID: 'other',
  });
  expect(stdout).toBe('kept  claude session session-a: a demo');
  const pruned = await cli(place, ['session', 'prune', '--older-than', '1s', '--force']);
  expect(pruned).toMatchObject({ code: 0, stdout: expect.stringContaining('kept(retained)') });
  expect((await cli(place, ['session', 'list'])).stdout).toContain('a demo');
  await cli(place, ['session', 'release', 'session-a']);
  const again = await cli(place, ['session', 'prune', '--older-than', '1s', '--force']);
  expect(again.stdout).toContain('deleted  closed');
});

it('takes the end that a kept session had requested back, for good', async () => {
  const place = withRecords({});
  writeRequest(place.paths, requestOf({ sessionId: 'session-a' }));
  await cli(place, ['session', 'keep', 'session-a', '--reason', 'r', '--dry-run']);
  expect(readRequest(place.paths, 'session-a')).not.toBeNull();
  await cli(place, ['session', 'keep', 'session-a', '--reason', 'r']);
  await cli(place, ['session', 'release', 'session-a']);
  expect(readRequest(place.paths, 'session-a')).toBeNull();
  expect(readFileSync(place.paths.shutdownLog, 'utf8')).toContain('the session is kept');
});

it('lists the newest 200 to a person, and all to a program', async () => {
  const at = (n: number) => `2026-01-01T00:00:00.${String(n).padStart(3, '0')}Z`;
  const all201 = Array.from({ length: 201 }, (_, n) => ({
    sessionId: `s-${n}`,
    lastActivityAt: at(n),
  }));
  const place = withRecords(...all201);
  const { stdout } = await cli(place, ['session', 'list']);
  expect(stdout).toContain('s-1 ');
  expect(stdout).not.toContain('s-0 ');
  expect(stdout).toContain('… and 1 older; all of them with --json');
  const all = await cli(place, ['session', 'list', '--json']);
  expect(JSON.parse(all.stdout).sessions).toHaveLength(201);
});

it('prunes only what is older, and lists at most 50 lines', async () => {
  const at = new Date().toISOString();
  const many = Array.from({ length: 60 }, (_, n) => ({ ...ended, sessionId: `old-${n}` }));
  const place = withRecords(...many, { ...ended, sessionId: 'new', lastActivityAt: at });
  const { stdout } = await cli(place, ['session', 'prune', '--older-than', '1h']);
  const lines = stdout.split('\n');
  expect(lines).toHaveLength(51);
  expect(lines.slice(-2)).toEqual([
    '… and 12 more; all of them with --json',
    'summary: deleted=0 would_delete=60 kept=1 refused=0',
  ]);
  await cli(place, ['session', 'prune', '--older-than', '1h', '--force']);
  expect((await cli(place, ['session', 'list', '--json'])).stdout).toContain('"sessionId": "new"');
  expect(
    JSON.parse((await cli(place, ['session', 'list', '--json'])).stdout).sessions,
  ).toHaveLength(1);
});

it('refuses a plan that was changed, or that does not hold any more, and then does nothing', async () => {
  const place = withRecords(ended, { ...ended, sessionId: 'second' });
  const plan = join(place.root, 'plan.json');
  await cli(place, ['session', 'report', '--plan', plan]);
  const text = readFileSync(plan, 'utf8');
  const prune = () => cli(place, ['session', 'prune', '--plan', plan, '--force']);
  writeFileSync(plan, text.replace('second', 'another'));
  expect(await prune()).toMatchObject({ code: 1, stderr: expect.stringContaining('was changed') });
  writeFileSync(plan, text);
  updateSession(place.paths, 'second', 1000, () =>
    recordOf({ ...ended, sessionId: 'second', lastActivityAt: '2026-01-01T00:00:01.000Z' }),
  );
  expect(await prune()).toMatchObject({ code: 1, stderr: expect.stringContaining('stale') });
  expect(existsSync(place.paths.session('session-a'))).toBe(true);
  expect(existsSync(place.paths.cleanupLog)).toBe(false);
  await cli(place, ['session', 'report', '--plan', plan]);
  expect(await prune()).toMatchObject({ code: 0, stdout: expect.stringContaining('deleted=2') });
});

it('ends a finished session at the second forced run, not at the first one', async () => {
  const l = await leftovers();
  await l.launch('job', DONE);
  await l.becomes('job', 'cleanup-eligible');
  const prune = () => cli(l.place, ['session', 'prune', '--older-than', '1s', '--force']);
  const seenAgo = (ms: number) =>
    l.edit(l.place.paths.observations, ({ seen }) => ({
      schema: 1,
      seen: Object.fromEntries(
        Object.keys(seen as object).map((key) => [key, new Date(Date.now() - ms).toISOString()]),
      ),
    }));
  const isKept = async () => (await prune()).stdout.includes('kept(grace)  cleanup-eligible  job');
  await until('it to be old enough, and kept for the first look', isKept);
  // However long a busy machine takes from here to the look.
  seenAgo(-HOUR_MS);
  expect((await prune()).stdout).toContain('kept(grace)  cleanup-eligible  job');
  seenAgo(10_000);
  expect((await prune()).stdout).toContain('deleted  cleanup-eligible  job');
  expect(await l.sessions('default')).toEqual(['person']);
});

it('refuses a name that means two things, and takes a mark', async () => {
  const l = await leftovers();
  const { mark } = await l.launch('job', DONE);
  await l.becomes('job', 'cleanup-eligible');
  await l.server('other').session('job');
  const keep = (name: string) => cli(l.place, ['session', 'keep', name, '--reason', 'r']);
  expect(await keep('job')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('means 2 things'),
  });
  expect(await keep('person')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Nothing is recorded'),
  });
  expect(await keep(mark)).toMatchObject({ code: 0 });
  expect((await cli(l.place, ['session', 'report'])).stdout).toContain(
    'kept(retained)  retained  job',
  );
});

it('the session that holds the one who asks is told by that', async () => {
  const l = await leftovers();
  const agent = await l.agent('worker');
  const { stdout } = await agent.run('stopgate session report', { input: '' });
  expect(stdout).toContain('kept(self)  self  worker');
  expect((await cli(l.place, ['session', 'report'])).stdout).toContain(
    'kept(live)  active  worker',
  );
});
