// @module-tag smoke
import { expect, it } from 'vitest';
import { codexDaemons, endCodexAfterTest } from './support/codex-daemon.ts';
import { trustCodexHooks } from './support/codex-trust.ts';
import { openCodex, turnEnded } from './support/codex-tui.ts';
import { codexWire } from './support/codex-wire.ts';
import { type Answer, type Script, startModelServer, type Turn } from './support/model-server.ts';
import { configureCodex, registerCodexStop } from './support/run-codex.ts';
import { scratch } from './support/scratch.ts';
import { buildStates, gateEvents, installHook, launcher, stopgate } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';

it('tells two sessions of one shared Codex daemon apart', async () => {
  let release = () => {};
  const released = new Promise<void>((done) => {
    release = done;
  });
  const { place, model, first, second } = await twoTerminals(['work', 'work'], (turn) =>
    prompted(turn, 'Owner') ? owner(turn, released) : neighbour(turn),
  );
  const feedback = (task: string) => model.turns.filter((turn) => heldFor(turn, task));

  await first.enter('Owner, please add a greeting');
  await until('the owner to be held', () => feedback('Add a greeting').length === 1);
  const open = buildStates(place);
  expect(open).toMatchObject([{ phase: 'executing', budget: { spent: 1 } }]);

  await second.enter('Neighbour, just say hello');
  await turnEnded(second, 'Hello.');
  expect(buildStates(place)).toEqual(open);

  await second.enter('Neighbour, now wave as a build of your own');
  await turnEnded(second, 'Waved.');
  expect(feedback('Wave')).toHaveLength(1);

  release();
  await turnEnded(first, 'Greeted.');

  const builds = buildStates(place);
  expect(builds.map(({ task, phase, budget }) => [task, phase, budget.spent]).sort()).toEqual([
    ['Add a greeting', 'complete', 1],
    ['Wave', 'complete', 1],
  ]);
  const blocks = gateEvents(place).filter(({ verdict }) => verdict === 'block');
  for (const { id, owner } of builds) {
    expect(owner, 'the daemon and its pane prove nothing').toMatchObject({
      agent: null,
      pane: null,
    });
    const own = blocks.filter(({ session }) => session === owner.sessionId);
    expect(own.map(({ build }) => build)).toEqual([id]);
  }
  expect(blocks).toHaveLength(2);
  for (const pane of [first, second]) {
    expect(await pane.screen()).not.toMatch(/stop failed|hook failed/i);
  }
});

it('never takes the tmux session that the daemon was started in for that of another terminal', async () => {
  const { place, model, second } = await twoTerminals(['build', 'other'], () => ({
    say: 'Hello.',
  }));
  await stopgate(place, 'build', 'start', 'Add a greeting', '--owner-tmux', 'build');
  const open = buildStates(place);

  await second.enter('Just say hello');
  await turnEnded(second, 'Hello.');

  expect(model.turns).toHaveLength(1);
  expect(gateEvents(place)).toMatchObject([
    { host: 'codex', verdict: 'approve', cause: 'foreign' },
  ]);
  expect(buildStates(place)).toEqual(open);
});

/** Two interactive Codex terminals, one per named tmux session, that share the daemon the first one started. */
async function twoTerminals([one, two]: [string, string], script: Script) {
  const place = scratch();
  await installHook(place);
  registerCodexStop(place, launcher('codex'));
  const model = await startModelServer(codexWire, script);
  configureCodex(place, model.url);
  endCodexAfterTest(place);
  await trustCodexHooks(place);
  const tmux = privateTmux(place, { FAKE_KEY: 'dummy' });
  const first = await openCodex(tmux, one);
  await until('the shared daemon', () => codexDaemons(place).length === 1);
  const second = await openCodex(tmux, two);
  expect(codexDaemons(place), 'daemons that serve the two terminals').toHaveLength(1);
  return { place, model, first, second };
}

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
