import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { codex } from './clients.ts';
import type { Scratch } from './scratch.ts';

interface Listed {
  data: { hooks: { key: string; currentHash: string; trustStatus: string }[] }[];
}

interface Reply {
  id?: number;
  result?: unknown;
  error?: unknown;
}

/** Trusts every registered hook through Codex itself, and checks that it took. */
export async function trustCodexHooks(place: Scratch): Promise<void> {
  const server = appServer(place);
  try {
    await server.call('initialize', { clientInfo: { name: 'e2e', version: '1.0.0' } });
    server.send({ method: 'initialized' });
    const trusted = (await list()).map(({ key, currentHash }) => [
      key,
      { trusted_hash: currentHash },
    ]);
    const edit = { keyPath: 'hooks.state', value: Object.fromEntries(trusted) };
    await server.call('config/batchWrite', { edits: [{ ...edit, mergeStrategy: 'upsert' }] });
    const after = await list();
    if (after.length === 0 || after.some(({ trustStatus }) => trustStatus !== 'trusted')) {
      throw new Error(`expected every hook to be trusted, found ${JSON.stringify(after)}`);
    }
  } finally {
    await server.end();
  }

  async function list() {
    const { data } = (await server.call('hooks/list', { cwds: [place.project] })) as Listed;
    return data.flatMap(({ hooks }) => hooks);
  }
}

function appServer(place: Scratch) {
  const child = execa(codex, ['app-server'], {
    cwd: place.project,
    env: { ...place.env, FAKE_KEY: 'dummy' },
    extendEnv: false,
    reject: false,
    timeout: 30_000,
  });
  const waiting = new Map<number, (reply: Reply) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Reply;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
  });
  const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  let id = 0;
  return {
    send,
    call: (method: string, params: object) =>
      new Promise<unknown>((resolve, reject) => {
        waiting.set(++id, ({ result, error }) =>
          error ? reject(new Error(`${method}: ${JSON.stringify(error)}`)) : resolve(result),
        );
        send({ id, method, params });
        void child.then(() => reject(new Error(`codex app-server ended before ${method}`)));
      }),
    async end() {
      child.stdin.end();
      await child;
    },
  };
}
