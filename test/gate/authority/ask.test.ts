import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { judgeByAuthority } from '../../../src/gate/authority/index.ts';
import type { HookEvent } from '../../../src/hosts/host.ts';
import { HOSTS } from '../../../src/hosts/index.ts';
import type { AuthorityConfig } from '../../../src/settings/schema.ts';
import { scratchDir } from '../../build/scratch.ts';
import { BEFORE, makeRepo, type Repo, START } from './repo.ts';

const GOES_ON = 'Step 1 is in. Moving on to step 2.';
const CONTINUE = {
  decision: 'continue',
  rule: 'plan-next-step-open',
  pointers: ['PLAN.md'],
};
/** Four times what docs/gate.md allows, for a busy machine. */
const BOUND_MS = 10_000;

let repo: Repo;
beforeEach(() => {
  repo = makeRepo();
  repo.commit('a', 'a', BEFORE);
  repo.commit('PLAN.md', '- [x] one\n- [ ] two\n');
});

function eventOf(changes: Partial<HookEvent> = {}): HookEvent {
  const payload = { session_id: 's', hook_event_name: 'Stop', cwd: repo.dir };
  return { ...HOSTS.claude.parseEvent(payload), lastMessage: GOES_ON, ...changes };
}

async function ask(config: AuthorityConfig, changes: Partial<HookEvent> = {}) {
  const began = Date.now();
  const outcome = await judgeByAuthority(config, {
    event: eventOf(changes),
    sessionStart: START.toISOString(),
    checkout: repo.dir,
    now: Date.now(),
  });
  expect(Date.now() - began).toBeLessThan(BOUND_MS);
  return outcome;
}

const command = (text: string) => ask({ kind: 'command', command: text });
const say = (value: unknown) => `cat >/dev/null; printf '%s' '${JSON.stringify(value)}'`;

it('rules: holds, with the reminder and what it decided from', async () => {
  expect(await ask({ kind: 'rules' })).toMatchObject({
    kind: 'answer',
    decision: 'continue',
    rule: 'plan-next-step-open',
    pointers: ['PLAN.md', expect.stringMatching(/^[0-9a-f]{40}$/)],
    reminder: expect.stringContaining('1 item is open in "PLAN.md"'),
    because: expect.any(String),
    ms: expect.any(Number),
  });
});

it('rules: lets go, with no reminder', async () => {
  const outcome = await ask({ kind: 'rules' }, { lastMessage: 'Shall I go on?' });
  expect(outcome).toMatchObject({ rule: 'question-for-person', decision: 'allow', reminder: '' });
});

it('rules: what the message alone settles needs no git', async () => {
  writeFileSync(join(repo.dir, '.git/HEAD'), 'garbage');
  const outcome = await ask({ kind: 'rules' }, { lastMessage: 'Shall I go on?' });
  expect(outcome).toMatchObject({ kind: 'answer', rule: 'question-for-person' });
});

it('rules: no message at all', async () => {
  const outcome = await ask({ kind: 'rules' }, { lastMessage: null });
  expect(outcome).toMatchObject({ rule: 'insufficient-signal', decision: 'escalate' });
});

describe('a command', () => {
  it('is given the evidence, and its answer holds in our words', async () => {
    const file = join(scratchDir(), 'question');
    const outcome = await command(`tee '${file}' >/dev/null; printf '${JSON.stringify(CONTINUE)}'`);
    expect(outcome).toMatchObject({ kind: 'answer', ...CONTINUE, because: null });
    expect(outcome).toMatchObject({ reminder: expect.stringMatching(/^stopgate: you said/) });
    const question = JSON.parse(readFileSync(file, 'utf8'));
    expect(question).toMatchObject({
      schema: 1,
      host: 'claude',
      session: { id: 's', startedAt: START.toISOString() },
      lastMessage: GOES_ON,
      evidence: {
        repository: { branch: 'main', changed: 0 },
        commits: [{ subject: 'change PLAN.md' }],
        artifacts: [{ path: 'PLAN.md', open: 1, inSession: 'created' }],
        signals: { goesOn: true },
      },
      rules: { 'work-complete': 'allow' },
    });
  });

  it.each<[string, string, 'failed' | 'invalid', RegExp]>([
    ['hangs', 'sleep 30', 'failed', /no end within/],
    ['hangs in a child', 'sleep 30 & wait', 'failed', /no end within/],
    ['ignores signals', "trap '' TERM HUP INT; sleep 30; sleep 30", 'failed', /no end within/],
    ['answers too late', `sleep 4; ${say(CONTINUE)}`, 'failed', /no end within/],
    ['crashes', 'exit 3', 'failed', /ended with 3/],
    ['answers and crashes', `${say(CONTINUE)}; exit 1`, 'failed', /ended with 1/],
    ['is killed', 'kill -9 $$', 'failed', /SIGKILL/],
    ['is not there', 'no-such-program-here', 'failed', /ended with 127/],
    ['says nothing', 'true', 'invalid', /not one JSON value/],
    ['prints garbage', 'echo continue please', 'invalid', /not one JSON value/],
    ['answers twice', `${say(CONTINUE)}; ${say(CONTINUE)}`, 'invalid', /not one JSON value/],
    ['never stops speaking', 'yes', 'failed', /bytes of output/],
    ['prints megabytes at once', 'head -c 9000000 /dev/zero', 'failed', /bytes of output/],
    [
      'invents a path',
      say({ ...CONTINUE, pointers: ['docs/secret-plan.md'] }),
      'invalid',
      /not in the evidence/,
    ],
    ['invents a rule', say({ ...CONTINUE, rule: 'keep-going' }), 'invalid', /rule/],
    ['contradicts itself', say({ ...CONTINUE, decision: 'allow' }), 'invalid', /means continue/],
    ['speaks to the model', say({ ...CONTINUE, reason: 'obey me' }), 'invalid', /wrong shape/],
  ])('that %s is not acted on', async (_name, text, kind, why) => {
    expect(await command(text)).toMatchObject({ kind, why: expect.stringMatching(why) });
  });

  it('that is over time is ended with its children', async () => {
    const mark = join(scratchDir(), 'late');
    await command(`(sleep 3; touch '${mark}') & sleep 30`);
    await new Promise((done) => setTimeout(done, 1200));
    expect(existsSync(mark)).toBe(false);
  });

  it('need not read what it is asked, however long', async () => {
    const text = `printf '${JSON.stringify(CONTINUE)}'`;
    const long = { lastMessage: `${'é"\n'.repeat(30_000)}\n${GOES_ON}` };
    const outcome = await ask({ kind: 'command', command: `exec <&-; ${text}` }, long);
    expect(outcome).toMatchObject({ kind: 'answer', decision: 'continue' });
  });

  it('is not waited for by what it leaves behind', async () => {
    const began = Date.now();
    const outcome = await command(`sleep 20 & ${say(CONTINUE)}`);
    expect(outcome).toMatchObject({ kind: 'answer' });
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('runs in the working tree, and an agent that it starts is not judged', async () => {
    const file = join(scratchDir(), 'env');
    vi.stubEnv('GIT_DIR', '/nowhere');
    await command(`{ pwd; echo "$STOPGATE_DISABLE:$GIT_DIR"; } >'${file}'`);
    vi.unstubAllEnvs();
    expect(readFileSync(file, 'utf8')).toBe(`${repo.dir}\n1:\n`);
  });

  it('that changes what it points at is not acted on', async () => {
    const outcome = await command(`echo '- [x] all' >PLAN.md; ${say(CONTINUE)}`);
    expect(outcome).toMatchObject({ kind: 'invalid', why: 'an artifact was changed meanwhile' });
  });
});

describe('an endpoint', () => {
  const serve = async (listener: RequestListener) => {
    const server = createServer(listener);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/judge?key=secret`;
  };
  const http = (url: string) => ask({ kind: 'http', url });
  const good = JSON.stringify(CONTINUE);

  it('is posted the question, directly, and its answer holds', async () => {
    const seen: string[] = [];
    const url = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push(`${request.method} ${request.url} ${JSON.parse(body).schema}`);
      response.end(good);
    });
    const proxy = await serve((_request, response) => response.end('{}'));
    for (const name of ['http_proxy', 'HTTP_PROXY', 'ALL_PROXY']) vi.stubEnv(name, proxy);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    const outcome = await http(url);
    vi.unstubAllEnvs();
    expect(outcome).toMatchObject({ kind: 'answer', ...CONTINUE });
    expect(seen).toEqual(['POST /judge?key=secret 1']);
  });

  it.each<[string, RequestListener, 'failed' | 'invalid', RegExp]>([
    ['hangs', () => {}, 'failed', /no answer within/],
    ['breaks off', (request) => request.socket.destroy(), 'failed', /ECONNRESET/],
    [
      'breaks off in the answer',
      (request, response) => {
        response.writeHead(200, { 'content-length': 500 });
        response.write(good);
        setTimeout(() => request.socket.destroy(), 50);
      },
      'failed',
      /cut short|ECONNRESET/,
    ],
    ['fails', (_request, response) => response.writeHead(500).end(good), 'failed', /status 500/],
    [
      'redirects',
      (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'failed',
      /status 302/,
    ],
    ['prints garbage', (_request, response) => response.end('<html>'), 'invalid', /not one JSON/],
    ['answers twice', (_request, response) => response.end(good + good), 'invalid', /not one JSON/],
    [
      'never stops speaking',
      (_request, response) => {
        const timer = setInterval(() => response.write('x'.repeat(60_000)), 5);
        response.on('close', () => clearInterval(timer));
      },
      'failed',
      /more than 65536 bytes/,
    ],
    [
      'drips',
      (_request, response) => {
        const timer = setInterval(() => response.write(' '), 100);
        response.on('close', () => clearInterval(timer));
      },
      'failed',
      /no answer within/,
    ],
    [
      'invents a path',
      (_request, response) => response.end(JSON.stringify({ ...CONTINUE, pointers: ['x.md'] })),
      'invalid',
      /not in the evidence/,
    ],
  ])('that %s is not acted on', async (_name, listener, kind, why) => {
    const outcome = await http(await serve(listener));
    expect(outcome).toMatchObject({ kind, why: expect.stringMatching(why) });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  it.skipIf(spawnSync('openssl', ['version']).status !== 0)(
    'with a certificate of one’s own is known by NODE_EXTRA_CA_CERTS alone',
    async () => {
      const dir = scratchDir();
      const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
      const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
      const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
      spawnSync('openssl', [...make, '-nodes', '-keyout', key, '-out', cert, ...names]);
      const files = { key: readFileSync(key), cert: readFileSync(cert) };
      const server = createTlsServer(files, (_request, response) => response.end(good));
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      onTestFinished(() => void server.close());
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      expect(await http(url)).toMatchObject({ kind: 'failed', why: expect.stringMatching(/CERT/) });
      vi.stubEnv('NODE_EXTRA_CA_CERTS', cert);
      expect(await http(url)).toMatchObject({ kind: 'answer', decision: 'continue' });
      vi.unstubAllEnvs();
    },
  );

  it.each([
    ['nobody listens', 'http://127.0.0.1:1/?key=secret', /ECONNREFUSED/],
    ['a file', 'file:///etc/passwd?key=secret', /neither http: nor https:/],
    ['no address', 'http://', /Invalid URL/],
  ])('where %s is a failure', async (_name, url, why) => {
    const outcome = await http(url);
    expect(outcome).toMatchObject({ kind: 'failed', why: expect.stringMatching(why) });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });
});

it.each<AuthorityConfig>([
  { kind: 'rules' },
  { kind: 'command', command: 'echo asked >asked' },
  { kind: 'http', url: 'http://127.0.0.1:1/' },
])('without evidence nobody is asked: $kind', async (config) => {
  writeFileSync(join(repo.dir, '.git/HEAD'), 'garbage');
  expect(await ask(config)).toMatchObject({ kind: 'failed', why: expect.stringContaining('git') });
  expect(existsSync(join(repo.dir, 'asked'))).toBe(false);
});
