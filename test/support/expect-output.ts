import { expect } from 'vitest';
import type { Ran } from './agent.ts';

export interface HookOutput {
  decision?: 'approve' | 'block';
  reason?: string;
  systemMessage?: string;
}

/** No hook takes longer, whatever it meets (docs/gate.md). */
export const BOUND_MS = 1500;

/** What every run of a hook must hold to: exit 0, one JSON object and nothing else, in time. Returns the object. */
export function hookOutput(ran: Ran): HookOutput {
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toMatch(/^\{.*\}\n$/);
  expect(ran.ms).toBeLessThan(BOUND_MS);
  return JSON.parse(ran.stdout);
}
