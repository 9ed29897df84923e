import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isRecent } from '../gate/waiting.ts';
import type { StatePaths } from '../state/paths.ts';
import { fileName } from './file-name.ts';
import { hasStart } from './lineage.ts';
import type { SessionRecord } from './schema.ts';

/**
 * True when the next prompts of a session change nothing that anybody looks for, but for their time: it is live, its place
 * is judged for good, it has no role, nobody watches it for idleness, and it is not being compacted. Whose build is open is
 * another question (src/build/keys.ts).
 */
export function isQuiet(paths: StatePaths, record: SessionRecord): boolean {
  return (
    record.status === 'live' &&
    hasStart(record) &&
    record.placed === true &&
    record.role == null &&
    !isRecent(record.compactingSince, Date.now()) &&
    !existsSync(join(paths.armedRest, fileName(record.sessionId)))
  );
}
