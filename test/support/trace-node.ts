import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scratch } from './scratch.ts';

/** The recorded Node becomes a script that leaves a trace; returns whether Node was started since. */
export function traceNode(
  place: Scratch,
  instead = `exec '${process.execPath}' "$@"`,
): () => boolean {
  const trace = join(place.root, 'trace');
  const node = join(place.root, 'node-with-trace');
  writeFileSync(node, `#!/bin/sh\necho ran >>'${trace}'\n${instead}\n`);
  chmodSync(node, 0o755);
  writeFileSync(join(place.data, 'node'), `${node}\n`);
  return () => {
    const ran = existsSync(trace);
    rmSync(trace, { force: true });
    return ran;
  };
}
