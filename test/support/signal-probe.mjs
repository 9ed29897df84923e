// A command that says in a file what it was given: signal-probe.mjs <file>. One line each: ready, every signal it gets.
import { appendFileSync, existsSync } from 'node:fs';

const [file] = process.argv.slice(2);
const say = (line) => appendFileSync(file, `${line}\n`);
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGUSR1', 'SIGALRM', 'SIGABRT', 'SIGCONT']) {
  process.on(signal, () => say(signal));
}
process.on('SIGWINCH', () => say(`SIGWINCH ${process.stdout.columns}x${process.stdout.rows}`));
say(`ready ${process.pid} ${process.ppid} ${process.stdin.isTTY === true}`);
// Without its file it serves no test any more.
setInterval(() => existsSync(file) || process.exit(0), 1000);
