import { spawnSync } from 'node:child_process';

/** True where two files can be exchanged in one step (src/config/exchange.ts); elsewhere it is a rename. */
export const canExchange =
  process.platform === 'linux' && spawnSync('perl', ['-e', 'exit 0']).status === 0;
