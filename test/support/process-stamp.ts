import { processStamp, readProcess } from '../../src/owner/process.ts';

/** A process that is there, as a stamp names it. */
export function stampOfPid(pid: number = process.pid) {
  return processStamp(readProcess(pid) ?? { pid, start: '' });
}

/** A process that had `pid` before the one that has it now. */
export function endedStamp(pid: number = process.pid) {
  return { ...stampOfPid(pid), start: 'boot:before' };
}
