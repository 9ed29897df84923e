import { expect } from 'vitest';
import type { Ran } from './agent.ts';

export interface HookOutput {
  decision?: 'approve' | 'block';
  reason?: string;
  systemMessage?: string;
}

/** A hook that waits for ever takes longer, one on a busy machine does not. How fast hooks are, `npm run bench` tells. */
export const BOUND_MS = 10_000;

/** What every run of a hook must hold to: exit 0, one JSON object and nothing else, in time. Returns the object. */
export function hookOutput(ran: Ran): HookOutput {
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toMatch(/^\{.*\}\n$/);
  expect(ran.ms).toBeLessThan(BOUND_MS);
  return JSON.parse(ran.stdout);
}
