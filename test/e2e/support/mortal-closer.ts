import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scratch } from './scratch.ts';

/** What runs in place of the closer: the real one, killed right before its effect number `kill-at`, once. */
const PROGRAM = `
const fs = require('node:fs');
const tmux = require('node:child_process');
const file = FILE;
let left = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0;
const counted = (holder, name, counts) => {
  const real = holder[name];
  holder[name] = (...args) => {
    if (left > 0 && counts(args) && --left === 0) {
      fs.writeFileSync(file, '0 killed before ' + name);
      process.reallyKill(process.pid, 'SIGKILL');
    }
    return real.apply(holder, args);
  };
};
process.reallyKill = process.kill.bind(process);
counted(process, 'kill', ([, signal]) => signal === 'SIGTERM');
counted(fs, 'renameSync', () => true);
counted(fs, 'writeSync', ([, line]) => Buffer.isBuffer(line));
counted(fs, 'rmSync', ([path]) => /requests.[^.]+.json$/.test(path));
counted(tmux, 'spawnSync', ([, args]) => args.includes('if-shell'));
require('./real-closer.cjs');
`;

/** Makes the installed closer die once, right before its nth effect: a file replaced, a line of log, a signal, keys. */
export function killCloserAt(place: Scratch, effect: number): { killed: () => string | null } {
  const hooks = join(place.home, '.local/share/stopgate/current/hooks');
  const file = join(place.root, 'kill-at');
  writeFileSync(file, String(effect));
  copyFileSync(join(hooks, 'shutdown-closer.cjs'), join(hooks, 'real-closer.cjs'));
  writeFileSync(join(hooks, 'shutdown-closer.cjs'), PROGRAM.replace('FILE', JSON.stringify(file)));
  return {
    killed: () => {
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      return text.startsWith('0 ') ? text.slice(2) : null;
    },
  };
}
