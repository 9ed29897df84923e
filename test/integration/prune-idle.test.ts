import { appendFileSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { livenessOf, readProcess } from '../../src/owner/process.ts';
import { probe } from '../../src/session/report/probe.ts';
import { lookRightBefore } from '../../src/session/report/right-before.ts';
import type { Agent } from '../support/agent.ts';
import { cli } from '../support/cli.ts';
import {
  type Leftovers,
  leftovers,
  PROMPT,
  transcript,
  transcriptOf,
} from '../support/leftovers.ts';
import { until } from '../support/until.ts';

/** An agent that is idle and was released. */
async function released(l: Leftovers, name: string): Promise<Agent> {
  const agent = await l.agent(name);
  await l.rest(agent);
  expect((await cli(l.place, ['session', 'release', name])).code).toBe(0);
  return agent;
}

const keys = (l: Leftovers, name: string, ...words: string[]) =>
  l.main.ask('send-keys', '-t', `=${name}:`, ...words);

/** What keeps an agent that seems idle by everything that is written down of it. */
const KEPT: Record<string, [(l: Leftovers, name: string) => unknown, string]> = {
  'half-typed': [(l, name) => keys(l, name, '-l', 'wait'), 'a prompt is half typed'],
  'in-a-turn': [
    ({ place }, name) => appendFileSync(transcriptOf(place, name), transcript(PROMPT)),
    'the turn is not over',
  ],
  queued: [
    ({ place }, name) =>
      appendFileSync(
        transcriptOf(place, name),
        transcript({ type: 'queue-operation', operation: 'enqueue', content: 'and?' }),
      ),
    'the turn is not over',
  ],
  scrolled: [
    (l, name) => l.main.ask('copy-mode', '-t', `=${name}:`),
    'a person scrolls in the pane',
  ],
};
/** What nobody can tell. */
const UNCERTAIN: typeof KEPT = {
  unread: [({ place }, name) => rmSync(transcriptOf(place, name)), 'the transcript cannot be read'],
  dialog: [(l, name) => keys(l, name, '-R'), 'the input line cannot be found'],
};

it('ends the idle one, and none in the middle of a turn, with a half typed prompt, or that cannot be told', async () => {
  const l = await leftovers();
  const idle = await released(l, 'idle');
  const stay: Agent[] = [];
  for (const [name, [change]] of Object.entries({ ...KEPT, ...UNCERTAIN })) {
    stay.push(await released(l, name));
    await change(l, name);
  }
  await l.becomes('idle', 'cleanup-eligible');
  for (const name of Object.keys(UNCERTAIN)) await l.becomes(name, 'indeterminate');

  const prune = () => cli(l.place, ['session', 'prune', '--older-than', '1s', '--force', '--json']);
  await prune();
  const seen = Object.fromEntries((await report(l)).map(({ name, why }) => [name, why.join()]));
  for (const [name, [, why]] of Object.entries({ ...KEPT, ...UNCERTAIN }))
    expect(seen[name]).toContain(why);
  l.edit(l.place.paths.observations, ({ seen: all }) => ({
    schema: 1,
    seen: Object.fromEntries(Object.keys(all as object).map((key) => [key, '2026-01-01'])),
  }));
  expect((await prune()).code).toBe(1);
  const verdicts = Object.fromEntries(
    (await report(l)).map(({ name, class: kind, keptBy }) => [name, `${kind} ${keptBy}`]),
  );
  for (const name of Object.keys(KEPT)) expect(verdicts[name]).toBe('active live');
  for (const name of Object.keys(UNCERTAIN))
    expect(verdicts[name]).toBe('indeterminate liveness-uncertain');
  expect(isAlive(idle)).toBe(false);
  expect(stay.filter((agent) => !isAlive(agent))).toEqual([]);
  expect(await l.sessions('default')).toEqual(
    ['person', ...Object.keys(KEPT), ...Object.keys(UNCERTAIN)].sort(),
  );
}, 180_000);

/** What happens to an agent between the look that judged it and the act. */
const CHANGES: Record<string, (l: Leftovers, agent: Agent) => unknown> = {
  typed: (l) => keys(l, 'typed', '-l', 'wa'),
  'in-a-turn': ({ place }) => appendFileSync(transcriptOf(place, 'in-a-turn'), transcript(PROMPT)),
  prompted: (l, agent) => l.hook(agent, 'UserPromptSubmit'),
  kept: (l) => cli(l.place, ['session', 'keep', 'kept', '--reason', 'r']),
  over: (l, agent) => l.hook(agent, 'SessionEnd', { reason: 'other' }),
};

it('asks none to end that has changed between the look and the act', async () => {
  const l = await leftovers();
  const names = Object.keys(CHANGES);
  const agents: Agent[] = [];
  for (const name of names) agents.push(await released(l, name));
  for (const name of names) await l.becomes(name, 'cleanup-eligible');
  const { paths } = l.place;
  const world = await probe(paths, l.place.env);
  const looks = () => names.map((name) => lookRightBefore(paths, name, world).idle);
  expect(looks()).toEqual(names.map(() => true));
  for (const agent of agents) await CHANGES[agent.sessionId]?.(l, agent);
  await until('what was typed to be shown', () => looks().every((idle) => !idle));
}, 120_000);

interface Reported {
  name: string;
  class: string;
  keptBy: string | null;
  why: string[];
}

async function report(l: Leftovers): Promise<Reported[]> {
  const { stdout } = await cli(l.place, ['session', 'report', '--json']);
  const items = JSON.parse(stdout).items as (Reported & { evidence: { name?: string } })[];
  return items.map((item) => ({ ...item, name: item.evidence.name ?? item.name }));
}

function isAlive({ pid }: Agent): boolean {
  const info = readProcess(pid);
  return info != null && livenessOf(info) === 'alive';
}
