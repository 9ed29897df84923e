import { expect, it } from 'vitest';
import { livenessOn } from '../../src/owner/liveness.ts';
import { machineId } from '../../src/owner/machine.ts';
import { processStamp, readProcess } from '../../src/owner/process.ts';

const mine = processStamp(readProcess(process.pid) ?? { pid: 0, start: '' });
const ended = { ...mine, start: mine.start.replace(/\d+$/, '1') };

it.each([
  ['a process that runs here', machineId(), mine, 'alive'],
  ['a process that has ended here', machineId(), ended, 'dead'],
  ['a process that runs on another machine', 'another', mine, 'unknown'],
  ['a pid of another machine that nothing here has', 'another', ended, 'unknown'],
])('%s', (_, machine, agent, expected) => {
  expect(livenessOn(machine, agent)).toBe(expected);
});
