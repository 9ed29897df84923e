import { expect, it } from 'vitest';
import { livenessOf } from '../../src/owner/process.ts';
import { readTable, tableOf } from '../../src/owner/table.ts';
import { processOf } from '../session/scene.ts';

it('tells what is there, what is not, and what it cannot tell', () => {
  const table = tableOf([
    processOf('bash', 400, 1),
    processOf('claude', 500, 400),
    processOf('npm', 501, 400, 'Z'),
    { pid: 600, unread: 'own' },
    { pid: 700, unread: 'others' },
  ]);
  const liveness = (pid: number) => livenessOf({ pid, start: `boot:${pid}` }, table.get, null);
  expect([400, 501, 999].map(liveness)).toEqual(['alive', 'dead', 'dead']);
  expect([600, 700].map(liveness)).toEqual(['unknown', 'unknown']);
  expect(table.below(400).map(({ pid }) => pid)).toEqual([500]);
  expect(table.hidden).toEqual([600]);
});

it('reads every process of this machine, this one among them', () => {
  const table = readTable();
  expect(table?.get(process.pid)?.ppid).toBe(process.ppid);
  expect(table?.get(2 ** 22 + 1)).toBeNull();
  expect(table?.below(process.ppid).map(({ pid }) => pid)).toContain(process.pid);
});
