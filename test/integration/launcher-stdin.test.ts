import { expect, it } from 'vitest';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { stopPayload } from '../support/payload.ts';

/** More than any socket or pipe buffers: the write of it breaks where nobody reads it. */
const LARGE = stopPayload('first', '/', { last_assistant_message: 'x'.repeat(2_000_000) });

it('answers without a look at the payload, which no host minds (docs/hosts.md, Start-up cost)', async () => {
  const place = scratch();
  const agent = host(place, 'first');
  for (let round = 0; round < 10; round++)
    expect(hookOutput(await agent.stop({ input: LARGE }))).toEqual({ decision: 'approve' });
});

it('lets the host write a large payload to the end where Node answers', async () => {
  const place = scratch();
  const agent = host(place, 'first');
  await agent.tool('stopgate build start "a task" --size large');
  const ran = await agent.stop({ input: LARGE });
  expect(hookOutput(ran).decision).toBe('block');
  expect(ran.inputError).toBeNull();
});
