import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { stopPayload } from '../support/payload.ts';
import { gateRecords } from '../support/state-files.ts';

/** More than any socket or pipe buffers: whoever leaves before reading it breaks the host's write. */
const LARGE = stopPayload('first', '/', { last_assistant_message: 'x'.repeat(2_000_000) });

it('lets the host write its payload to the end, 60 times of 60', async () => {
  const place = scratch();
  const agent = host(place, 'first');
  const errors = [];
  for (let round = 0; round < 60; round++) {
    const ran = await agent.stop(round % 2 ? {} : { input: LARGE });
    expect(hookOutput(ran)).toEqual({ decision: 'approve' });
    errors.push(ran.inputError);
  }
  expect(errors).toEqual(Array(60).fill(null));
});

it('lets the host write a large payload to the end, whoever answers', async () => {
  const place = scratch();
  const agent = host(place, 'first');
  const start = 'stopgate build start "a task" --size large';
  await agent.tool(start);
  const runs = [
    await agent.stop({ input: LARGE }),
    await host(place, 'other', process.ppid).stop({ input: LARGE }),
    await agent.stop({ input: LARGE, env: { STOPGATE_DISABLE: '1' } }),
  ];
  rmSync(join(place.data, 'current'));
  runs.push(await agent.stop({ input: LARGE }));
  for (const ran of runs) {
    hookOutput(ran);
    expect(ran.inputError).toBeNull();
  }
  expect(gateRecords(place).map(({ cause }) => cause)).toEqual(['unfinished', 'error']);
});
