// Plays one session of a host, or a person at a shell: agent.mjs <claude|codex|person> <session id>. It runs hooks and tools as the host does
// (docs/hosts.md): by the host's shell, in a session of their own, without a tty, stdin and stdout sockets.
// Everything that a call starts carries CHAOS_CALL in its environment, so that nothing can stay behind unseen.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const [host, session] = process.argv.slice(2);
const SHELLS = { claude: '/bin/sh', codex: '/bin/bash', person: '/bin/sh' };
const LEAVE_MS = 3000;
let calls = 0;
if (host !== 'person') process.title = host;
process.on('disconnect', () => process.exit(0));
process.on('message', async ({ id, call }) => {
  const ran = await run(call).catch((error) => ({ broken: String(error) }));
  process.send({ id, ran });
});
process.send({ pid: process.pid });

async function run({ command, pieces, gapMs, open, cwd, env, timeoutMs, kill }) {
  const mark = `CHAOS_CALL=${process.pid}-${calls++}`;
  const started = performance.now();
  const child = spawn(SHELLS[host], ['-c', command], {
    cwd,
    detached: true,
    env: { ...process.env, ...identity(), ...env, CHAOS_CALL: mark.slice(11) },
  });
  const out = { stdout: [], stderr: [] };
  for (const name of ['stdout', 'stderr']) child[name].on('data', (bytes) => out[name].push(bytes));
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  let over = false;
  let timedOut = false;
  let killed = false;
  let rssKb = 0;
  const late = setTimeout(() => {
    timedOut = true;
    end(-child.pid);
    for (const pid of marked(mark)) end(pid);
  }, timeoutMs);
  const watch = setInterval(() => {
    rssKb = Math.max(rssKb, ...marked(mark).map(residentKb));
  }, 250);
  if (kill) {
    setTimeout(() => {
      if (over) return;
      const whom = kill.whom === 'node' ? marked(mark).filter(isNode) : [-child.pid];
      for (const pid of whom) killed = end(pid) || killed;
    }, kill.afterMs);
  }
  const input = feed(child.stdin, pieces, gapMs, open);
  const { code, signal } = await ended;
  over = true;
  const ms = performance.now() - started;
  clearTimeout(late);
  clearInterval(watch);
  const inputError = await input.settled(2000);
  child.stdin.destroy();
  const left = await leftBehind(mark);
  const text = (name) => Buffer.concat(out[name]).toString('utf8');
  return {
    code,
    signal,
    stdout: text('stdout'),
    stderr: text('stderr'),
    ms,
    timedOut,
    killed,
    rssKb,
    inputError,
    left,
  };
}

/** Writes what the host sends; `open` leaves the pipe open behind it. */
function feed(stdin, pieces, gapMs, open) {
  let failure = null;
  const written = new Promise((resolve) => {
    stdin.on('error', (error) => {
      failure = error.code ?? error.message;
      resolve();
    });
    stdin.on('close', resolve);
    const send = (at) => {
      if (at >= pieces.length) return open ? resolve() : stdin.end(resolve);
      stdin.write(pieces[at], () => (gapMs > 0 ? setTimeout(send, gapMs, at + 1) : send(at + 1)));
    };
    send(0);
  });
  return {
    settled: async (ms) => {
      await Promise.race([written, new Promise((resolve) => setTimeout(resolve, ms))]);
      return failure;
    },
  };
}

/** What a call started and left running; it is ended here, because this program started it. */
async function leftBehind(mark) {
  const deadline = performance.now() + LEAVE_MS;
  let pids = marked(mark);
  while (pids.length > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    pids = marked(mark);
  }
  const left = pids.map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim());
  for (const pid of pids) end(pid);
  return left;
}

function marked(mark) {
  return processes()
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(`${mark}\0`))
    .map(Number)
    .filter((pid) => !/^State:\s+[ZX]/m.test(read(`/proc/${pid}/status`)));
}

function processes() {
  try {
    return readdirSync('/proc');
  } catch {
    return [];
  }
}

function residentKb(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function isNode(pid) {
  return /^Name:\s+(node|MainThread)/m.test(read(`/proc/${pid}/status`));
}

function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

function identity() {
  if (host === 'person') return {};
  if (host === 'codex') return { CODEX_SESSION_ID: session, CODEX_THREAD_ID: session };
  return { CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: session, CLAUDE_PID: String(process.pid) };
}
