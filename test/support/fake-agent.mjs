// Plays one session of a host in a terminal: fake-agent.mjs <socket> <host> <session id>.
// It serves requests on a unix socket, one JSON line each way, and runs commands as the host runs hooks and tools
// (docs/hosts.md): by `/bin/sh -c` or `/bin/bash -c`, in a session of their own, without a tty, stdin and stdout sockets.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const [socket, host, firstSession] = process.argv.slice(2);
let session = firstSession;
process.title = host;
// A closing terminal or a server that is killed must not end an agent that was told to outlive it.
if (process.env.FAKE_AGENT_OUTLIVES === '1') process.on('SIGHUP', () => {});

const REQUESTS = {
  who: async () => ({ pid: process.pid, session, host, env: process.env }),
  run,
  child,
  /** What `/clear` does: another session in the same process. */
  session: async ({ id }) => {
    session = id;
    return {};
  },
};

createServer((connection) => {
  createInterface({ input: connection }).on('line', async (line) => {
    const { do: name, ...request } = JSON.parse(line);
    if (name === 'exit') return connection.end('{}\n', () => process.exit(0));
    const answer = await REQUESTS[name](request).catch((error) => ({ error: String(error) }));
    connection.write(`${JSON.stringify(answer)}\n`);
  });
  connection.on('error', () => {});
}).listen(socket);

draw(process.stdout);

// Whatever became of the one who started this: without its socket it serves nobody.
setInterval(() => existsSync(socket) || process.exit(0), 2000);

/** An empty input line as each host draws it, with the cursor in it; the terminal echoes what is typed there. */
function draw(terminal) {
  const rule = '─'.repeat(40);
  const [above, sign, below] = host === 'codex' ? ['', '› ', ''] : [rule, '❯ ', rule];
  terminal.write(`\x1b[2J\x1b[1;1H${above}\x1b[2;1H${sign}\x1b[3;1H${below}\x1b[2;3H`);
}

/** `input: null` leaves stdin open and silent; the child still ends when its program does. */
function run({ command, input = '', cwd = process.cwd(), env = {} }) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const shell = host === 'codex' ? '/bin/bash' : '/bin/sh';
    const child = spawn(shell, ['-c', command], {
      cwd,
      detached: true,
      env: { ...process.env, ...identity(), ...env },
    });
    const out = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => {
        out[name] += text;
      });
    }
    let inputError = null;
    child.stdin.on('error', (error) => {
      inputError = error.code;
    });
    if (input !== null) child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code) => {
      child.stdin.destroy();
      const ms = Number(process.hrtime.bigint() - started) / 1e6;
      resolve({ ...out, code, ms, inputError });
    });
  });
}

/** Starts another agent the way a shell tool does; it inherits this one's pane. */
function child({ path, id, as = host }) {
  const program = [process.execPath, process.argv[1], path, as, id];
  const quoted = program.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  spawn('/bin/sh', ['-c', `${quoted}; :`], {
    stdio: 'ignore',
    env: { ...process.env, ...identity() },
  });
  return Promise.resolve({});
}

function identity() {
  if (host === 'codex') return { CODEX_SESSION_ID: session, CODEX_THREAD_ID: session };
  return { CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: session, CLAUDE_PID: String(process.pid) };
}
