import { readFileSync } from 'node:fs';

/** A name for this machine that two machines sharing one state directory do not share. */
export function machineId(): string {
  try {
    const id = readFileSync('/etc/machine-id', 'utf8').trim();
    if (/^[0-9a-f]{32}$/.test(id)) return id;
  } catch {
    // Not Linux, or a container without one: the host name has to do.
  }
  return process.getBuiltinModule('node:os').hostname();
}
