import { expect, it } from 'vitest';
import { restoreNodeEnv } from '../../src/io/node-env.ts';

it.each([
  [
    'a value that the launcher held back',
    { NODE_OPTIONS: '', STOPGATE_NODE_OPTIONS: '--no-warnings' },
    { NODE_OPTIONS: '--no-warnings' },
  ],
  ['nothing was set', { NODE_EXTRA_CA_CERTS: '', STOPGATE_NODE_EXTRA_CA_CERTS: '' }, {}],
  [
    'run without the launcher',
    { NODE_OPTIONS: '--no-warnings' },
    { NODE_OPTIONS: '--no-warnings' },
  ],
])('%s', (_, env: Record<string, string | undefined>, after) => {
  restoreNodeEnv(env);
  expect(env).toEqual(after);
});
