import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ownNamespace } from '../../src/owner/namespace.ts';
import { armHandOff, disarmDead } from '../../src/shutdown/armed.ts';
import { bindRole, livingRoles, roleOf, unbindRole } from '../../src/shutdown/role.ts';
import { statePaths } from '../../src/state/paths.ts';
import { endedStamp, stampOfPid } from '../support/process-stamp.ts';

const AT = '2026-01-01T00:00:00.000Z';
const one = { pid: 7, start: 'boot:70', namespace: '4026532177:66443' };
const other = { pid: 7, start: 'boot:71', namespace: '4026532178:66500' };

function state() {
  const dir = mkdtempSync(join(tmpdir(), 'sg-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return statePaths(dir);
}

it('the same pid in two containers has a role in each', () => {
  const paths = state();
  const first = bindRole(paths, 'intake', one, AT);
  const second = bindRole(paths, 'review', other, AT);
  expect([roleOf(paths, one), roleOf(paths, other)]).toEqual([first, second]);
  expect(readdirSync(paths.roles).sort()).toEqual([
    '7@4026532177-66443.json',
    '7@4026532178-66500.json',
  ]);
  unbindRole(paths, second);
  expect([roleOf(paths, one), roleOf(paths, other)]).toEqual([first, null]);
});

it('a role of another container is not cleared, and is nobody living here', () => {
  const paths = state();
  bindRole(paths, 'intake', one, AT);
  bindRole(paths, 'intake', endedStamp(), AT);
  const here = bindRole(paths, 'review', stampOfPid(), AT);
  expect(roleOf(paths, one)).not.toBeNull();
  expect(livingRoles(paths)).toEqual([here]);
});

it('reads and clears a role that 0.1 named by the pid alone', () => {
  const paths = state();
  const role = bindRole(paths, 'intake', one, AT);
  renameSync(paths.role('7@4026532177-66443'), paths.role(7));
  expect(roleOf(paths, one)).toEqual(role);
  unbindRole(paths, role);
  expect(readdirSync(paths.roles)).toEqual([]);
});

it('an armed hand-off is cleared only where its process can be seen', () => {
  const paths = state();
  const gone = 2 ** 22 + 1;
  armHandOff(paths, gone);
  armHandOff(paths, process.pid);
  writeFileSync(join(paths.armedHandOff, String(gone + 1)), '4026532177:66443');
  disarmDead(paths);
  const left = [String(process.pid), String(gone + 1)];
  expect(readdirSync(paths.armedHandOff).sort()).toEqual(left.sort());
  expect(ownNamespace()).not.toBe('4026532177:66443');
});
