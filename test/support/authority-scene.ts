import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { makeRepo } from '../gate/authority/repo.ts';
import { BOUND_MS } from './expect-output.ts';
import { scratch } from './fixture.ts';
import { host } from './host.ts';
import { registered } from './installed-tree.ts';
import { stopPayload } from './payload.ts';
import type { Scratch } from './scratch.ts';
import { gateRecords } from './state-files.ts';

const GOES_ON = 'Step 1 is in. Moving on to step 2.';

/** A project under git with a person's own settings, and a session that is known since its start. */
export async function authorityScene(authority: object, mode: 'shadow' | 'enforce') {
  const place = scratch();
  const config = join(place.home, '.config/stopgate');
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'config.json'), JSON.stringify({ authority }));
  if (mode === 'enforce') writeMode(place);
  makeRepo(place.project);
  const session = host(place, 'one');
  const start = { session_id: 'one', hook_event_name: 'SessionStart', cwd: place.project };
  await session.run({
    command: registered('session'),
    input: JSON.stringify({ ...start, source: 'startup' }),
  });
  writeFileSync(join(place.project, 'PLAN.md'), '- [x] one\n- [ ] two\n');
  return { place, stop, run: stopBy };

  function stop(more: object = {}) {
    return stopBy(registered(), more);
  }

  /** The same by another command, which a test makes of the registered one. */
  async function stopBy(command: string, more: object = {}) {
    const message = { last_assistant_message: GOES_ON, ...more };
    const input = stopPayload('one', place.project, message);
    const ran = await session.stop({ command, input });
    expect(ran).toMatchObject({ code: 0, stderr: '', inputError: null });
    expect(ran.stdout).toMatch(/^\{.*\}\n$/);
    expect(ran.ms).toBeLessThan(BOUND_MS);
    return {
      output: JSON.parse(ran.stdout),
      ms: ran.ms,
      get record() {
        return gateRecords(place).at(-1);
      },
    };
  }
}

function writeMode({ paths }: Scratch): void {
  const gate = {
    schema: 1,
    mode: 'enforce',
    projects: {},
    killedAt: null,
    breaker: { failures: 0, openUntil: null },
  };
  mkdirSync(paths.root, { recursive: true });
  writeFileSync(paths.gate, JSON.stringify(gate));
}
