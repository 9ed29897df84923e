import { readFileSync } from 'node:fs';
import { readText } from './read-file.ts';

const GROUPS_BYTES = 1024 * 1024;

/**
 * True for a group that holds nobody but its person: many systems make one for each person, and let it write to whatever
 * that person makes.
 */
export function isPrivateGroup(gid: number): boolean {
  if (gid !== process.getegid?.()) return false;
  const isNumbered = gid === process.geteuid?.();
  const line = lineOfGroup(gid);
  if (line === null) return isNumbered;
  const me = process.getBuiltinModule('node:os').userInfo().username;
  const [name, , , members = ''] = line.split(':');
  return members.split(',').every((one) => one === '' || one === me) && (isNumbered || name === me);
}

/** True for the number that a user namespace shows in the place of every user that it does not map. */
export function isUnmapped(uid: number): boolean {
  if (uid !== OVERFLOW_UID) return false;
  try {
    const [, , count] = readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/);
    return Number(count) < ALL_USERS;
  } catch {
    return false;
  }
}

const OVERFLOW_UID = 65_534;
const ALL_USERS = 4_294_967_295;

function lineOfGroup(gid: number): string | null {
  try {
    const lines = readText('/etc/group', GROUPS_BYTES).split('\n');
    return lines.find((line) => line.split(':')[2] === String(gid)) ?? null;
  } catch {
    return null;
  }
}
