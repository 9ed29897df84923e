import { describe, expect, it } from 'vitest';
import { lastingNode, nodeCandidates, nodeVersion } from '../../src/config/node-path.ts';

describe('lastingNode', () => {
  const versions: Record<string, string> = {
    '/usr/bin/node': 'v18.19.1',
    '/usr/local/bin/node': 'v22.4.0',
    '/h/.volta/bin/node': 'v20.19.0',
  };
  const known = [
    '/run/user/0/fnm_multishells/1_2/bin/node',
    '/h/.nvm/versions/node/v24.1.0/bin/node',
  ];
  const choose = (running: string, candidates: string[]) =>
    lastingNode(running, candidates, (path) => versions[path] ?? null);

  it.each([
    ['/usr/bin/node', ['/usr/local/bin/node'], '/usr/bin/node'],
    [
      '/opt/homebrew/opt/node@22/bin/node',
      ['/usr/local/bin/node'],
      '/opt/homebrew/opt/node@22/bin/node',
    ],
    [
      '/h/.nvm/versions/node/v20.20.2/bin/node',
      ['/usr/bin/node', '/usr/local/bin/node'],
      '/usr/local/bin/node',
    ],
    ['/opt/homebrew/Cellar/node/22.4.0/bin/node', ['/usr/local/bin/node'], '/usr/local/bin/node'],
    ['/run/user/0/fnm_multishells/1_2/bin/node', ['/usr/local/bin/node'], '/usr/local/bin/node'],
    ['/h/.volta/tools/image/node/20.19.0/bin/node', ['/h/.volta/bin/node'], '/h/.volta/bin/node'],
    [
      '/h/.nvm/versions/node/v20.20.2/bin/node',
      ['/usr/bin/node'],
      '/h/.nvm/versions/node/v20.20.2/bin/node',
    ],
    ['/h/.nvm/versions/node/v20.20.2/bin/node', known, '/h/.nvm/versions/node/v20.20.2/bin/node'],
    ['/h/.nvm/versions/node/v20.20.2/bin/node', [], '/h/.nvm/versions/node/v20.20.2/bin/node'],
  ])('running %s, found %j: %s', (running, candidates, expected) => {
    expect(choose(running, candidates)).toBe(expected);
  });
});

describe('nodeCandidates', () => {
  it('takes absolute directories of PATH first, once each, and shims last', () => {
    const found = nodeCandidates({ HOME: '/h', PATH: '/h/.asdf/shims:bin:/usr/bin:/a::/usr/bin' });
    expect(found.slice(0, 2)).toEqual(['/usr/bin/node', '/a/node']);
    expect(found.filter((path) => path === '/usr/bin/node')).toHaveLength(1);
    expect(found.slice(-4)).toContain('/h/.asdf/shims/node');
    expect(found.every((path) => path.startsWith('/'))).toBe(true);
  });
});

describe('nodeVersion', () => {
  it.each([
    [process.execPath, process.version],
    ['/bin/false', null],
    ['/nowhere/node', null],
  ])('%s: %s', (path, expected) => {
    expect(nodeVersion(path)).toBe(expected);
  });
});
