import { packageRoot } from '../config/launcher.ts';
import { lastingNode, nodeCandidates, nodeVersion } from '../config/node-path.ts';
import type { Release } from '../config/tree.ts';
import { VERSION } from '../version.ts';

/** What this very command installs from. */
export function thisRelease(): Release {
  return {
    packageRoot: packageRoot(),
    version: VERSION,
    node: lastingNode(process.execPath, nodeCandidates(process.env), nodeVersion),
  };
}
