import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered } from '../support/installed-tree.ts';
import { gateRecords } from '../support/state-files.ts';
import { traceNode } from '../support/trace-node.ts';
import { until } from '../support/until.ts';

/** What the hosts wait for a stop; the launcher has to answer most events after half of that. */
const HOST_MS = 10_000;

const HANGS = {
  'is stopped': 'kill -STOP $$',
  spins: 'while :; do :; done',
  'waits for ever': 'exec sleep 600',
};

it(`approves before the host gives up on a Node that ${Object.keys(HANGS).join(', ')}, and leaves nothing behind`, async () => {
  await Promise.all(
    Object.values(HANGS).map(async (hang) => {
      const place = scratch();
      const pid = join(place.root, 'pid');
      traceNode(place, `echo $$ >'${pid}'; ${hang}`);
      const ran = await host(place, 'first').run({ command: registered('session'), input: '{}' });
      expect(hookOutput(ran)).toEqual({});
      expect(ran.ms).toBeLessThan(HOST_MS);
      expect(gateRecords(place)).toMatchObject([{ verdict: 'approve', cause: 'error' }]);
      const node = Number(readFileSync(pid, 'utf8'));
      await until('Node to be gone', () => !isAlive(node));
    }),
  );
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
