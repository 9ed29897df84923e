import { expect, it } from 'vitest';
import { codex } from './support/clients.ts';
import { codexDaemons, endCodexAfterTest } from './support/codex-daemon.ts';
import { trustCodexHooks } from './support/codex-trust.ts';
import { codexWire } from './support/codex-wire.ts';
import { type Answer, startModelServer, type Turn } from './support/model-server.ts';
import { configureCodex, registerCodexStop } from './support/run-codex.ts';
import { scratch } from './support/scratch.ts';
import { buildStates, gateEvents, installHook, launcher } from './support/stopgate.ts';
import { type Pane, privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';

it('tells two sessions of one shared Codex daemon apart', async () => {
  const place = scratch();
  await installHook(place);
  registerCodexStop(place, launcher('codex'));
  let release = () => {};
  const released = new Promise<void>((done) => {
    release = done;
  });
  const model = await startModelServer(codexWire, (turn) =>
    prompted(turn, 'Owner') ? owner(turn, released) : neighbour(turn),
  );
  const feedback = (task: string) => model.turns.filter((turn) => heldFor(turn, task));
  configureCodex(place, model.url);
  endCodexAfterTest(place);
  await trustCodexHooks(place);

  const tmux = privateTmux(place, { FAKE_KEY: 'dummy' });
  const first = await openCodex(tmux);
  await until('the shared daemon', () => codexDaemons(place).length === 1);
  const second = await openCodex(tmux);
  expect(codexDaemons(place), 'daemons that serve the two terminals').toHaveLength(1);

  await first.enter('Owner, please add a greeting');
  await until('the owner to be held', () => feedback('Add a greeting').length === 1);
  const open = buildStates(place);
  expect(open).toMatchObject([{ phase: 'executing', budget: { spent: 1 } }]);

  await second.enter('Neighbour, just say hello');
  await stopped(second, 'Hello.');
  expect(buildStates(place)).toEqual(open);

  await second.enter('Neighbour, now wave as a build of your own');
  await stopped(second, 'Waved.');
  expect(feedback('Wave')).toHaveLength(1);

  release();
  await stopped(first, 'Greeted.');

  const builds = buildStates(place);
  expect(builds.map(({ task, phase, budget }) => [task, phase, budget.spent]).sort()).toEqual([
    ['Add a greeting', 'complete', 1],
    ['Wave', 'complete', 1],
  ]);
  const blocks = gateEvents(place).filter(({ verdict }) => verdict === 'block');
  for (const { id, owner } of builds) {
    const own = blocks.filter(({ session }) => session === owner.sessionId);
    expect(own.map(({ build }) => build)).toEqual([id]);
  }
  expect(blocks).toHaveLength(2);
  for (const pane of [first, second]) {
    expect(await pane.screen()).not.toMatch(/stop failed|hook failed/i);
  }
});

async function owner(turn: Turn, released: Promise<void>): Promise<Answer> {
  if (turn.results.length === 0) return { run: 'stopgate build start "Add a greeting"' };
  if (turn.results.length > 1) return { say: 'Greeted.' };
  if (!heldFor(turn, 'Add a greeting')) return { say: 'I would rather stop here.' };
  await released;
  return { run: 'stopgate build complete' };
}

function neighbour(turn: Turn): Answer {
  if (!prompted(turn, 'Neighbour, now wave')) return { say: 'Hello.' };
  if (turn.results.length === 0) return { run: 'stopgate build start "Wave"' };
  if (turn.results.length > 1) return { say: 'Waved.' };
  return heldFor(turn, 'Wave') ? { run: 'stopgate build complete' } : { say: 'Not waving.' };
}

function prompted({ said }: Turn, start: string): boolean {
  return said.some((text) => text.startsWith(start));
}

/** Whether the latest thing this conversation was told is the gate's reason, and for this task. */
function heldFor({ said, results }: Turn, task: string): boolean {
  const latest = said.at(-1) ?? '';
  return results.length === 1 && latest.includes('stopgate build') && latest.includes(task);
}

async function openCodex(tmux: ReturnType<typeof privateTmux>): Promise<Pane> {
  const pane = await tmux.open(codex);
  await until('Codex to be ready', async () => (await pane.screen()).includes('for agents'));
  return pane;
}

async function stopped(pane: Pane, answer: string): Promise<void> {
  await until(`"${answer}" and the end of the turn`, async () => {
    const [, rest] = (await pane.screen()).split(`• ${answer}`);
    return rest?.includes('Worked for') ?? false;
  });
}
