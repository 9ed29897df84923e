import { config } from 'zod/mini';
import { closeWhenIdle } from '../src/shutdown/closer.ts';
import { statePaths } from '../src/state/paths.ts';

config({ jitless: true });

/** Started by the router, never by a host: `shutdown-closer <state directory> <session id> <stop>`. */
const [root, sessionId, stopId] = process.argv.slice(2);
if (root && sessionId && stopId) closeWhenIdle(statePaths(root), sessionId, stopId);
