import { beforeEach, expect, it } from 'vitest';
import { useSettings } from './support/authority.ts';
import { notices } from './support/claude-stream.ts';
import { claudeWire } from './support/claude-wire.ts';
import { inOrder, type Script, startModelServer, thenForever } from './support/model-server.ts';
import { runClaude } from './support/run-claude.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { buildState, gateEvents, installHook, stopgate } from './support/stopgate.ts';

const START = { run: 'stopgate build start "Add a greeting" --size large' };
const STOP = { say: 'I would rather stop here.' };
/** What Claude Code says when it ends a turn against its hooks (docs/hosts.md, Stop output). */
const OVERRIDE = /consecutive times.*overriding/;

let place: Scratch;
beforeEach(async () => {
  place = scratch();
  await installHook(place);
});

async function session(script: Script, ...flags: string[]) {
  const model = await startModelServer(claudeWire, script);
  const { stdout, exitCode } = await runClaude(place, model.url, 'Please add a greeting', flags);
  expect(exitCode).toBe(0);
  return { stdout, notices: notices(stdout), model };
}

const verdicts = () => gateEvents(place).map(({ verdict, cause }) => `${verdict} ${cause}`);

it('our release comes before the host’s cap of eight, and its warning never appears', async () => {
  const { stdout, notices: shown } = await session(inOrder([START, STOP]));
  expect(verdicts()).toEqual([...Array(7).fill('block unfinished'), 'approve capped']);
  expect(shown).toEqual([expect.stringMatching(/7 reminders in a row brought no progress/)]);
  expect(stdout).not.toMatch(OVERRIDE);
});

it('that warning would be seen: a host with a lower cap shows it', async () => {
  place.env.CLAUDE_CODE_STOP_HOOK_BLOCK_CAP = '3';
  const { notices: shown } = await session(inOrder([START, STOP]));
  expect(shown).toEqual([expect.stringMatching(OVERRIDE)]);
});

it('a build that calls tools but never advances is released by the bound of an hour', async () => {
  await useSettings(place, { budget: { perHour: 5 } });
  const { stdout, notices: shown } = await session(
    thenForever([START], [{ run: 'stopgate build status' }, STOP]),
  );
  expect(verdicts()).toEqual([...Array(5).fill('block unfinished'), 'approve capped']);
  expect(gateEvents(place).at(-1)).toMatchObject({ bound: 'hour' });
  expect(shown).toEqual([expect.stringMatching(/held 5 times within an hour/)]);
  expect(stdout).not.toMatch(OVERRIDE);
});

it('in shadow the owner of an unfinished build stops as if nobody looked', async () => {
  await stopgate(place, 'gate', 'mode', 'shadow');
  const { model, notices: shown } = await session(inOrder([START, STOP]));
  expect(model.turns).toHaveLength(2);
  expect(shown).toEqual([]);
  expect(verdicts()).toEqual(['approve disabled']);
  expect(gateEvents(place)).toMatchObject([{ would: { verdict: 'block', cause: 'unfinished' } }]);
  expect(buildState(place).budget).toMatchObject({ spent: 0 });
});

it('a session that waits for its own background work is let go, and held when that is over', async () => {
  const wait = { run: 'sleep 3', background: true } as const;
  const { model } = await session(
    inOrder([
      START,
      wait,
      { say: 'I wait for the end of it.' },
      STOP,
      { run: 'stopgate build complete' },
      { say: 'The greeting is there.' },
    ]),
    '--allowedTools',
    'Bash(sleep:*)',
  );
  expect(verdicts()).toEqual(['approve waiting', 'block unfinished']);
  expect(model.turns[3]?.said.at(-1)).toContain('<task-notification>');
  expect(model.turns[4]?.said.at(-1)).toMatch(/^Stop hook feedback:/);
  expect(buildState(place)).toMatchObject({ phase: 'complete', budget: { spent: 1 } });
});
