import { expect, it } from 'vitest';
import { guarded } from '../../src/config/guard.ts';
import { isOurCommand } from '../../src/config/recognise.ts';

it.each([
  ['"$HOME/.local/share/stopgate/bin/stopgate-hook" build-stop --host claude', true],
  ['"$HOME"/.local/share/stopgate/bin/stopgate-hook stop-gate-router', true],
  ['  ~/.local/share/stopgate/bin/stopgate-hook\tsession --host codex ', true],
  ['"$CLAUDE_PROJECT_DIR/.claude/stopgate/bin/stopgate-hook" build-stop', true],
  ['.claude/stopgate/bin/stopgate-hook shutdown-after-idle', true],
  [`\${XDG_DATA_HOME:-$HOME/.local/share}/stopgate/bin/stopgate-hook build-stop`, true],
  ['/a\\ b/stopgate/bin/stopgate-hook build-stop', true],
  ["'/it'\\''s here/stopgate/bin/stopgate-hook' build-stop", true],
  [guarded('"$HOME/.local/share/stopgate/bin/stopgate-hook" build-stop --host claude'), true],
  [guarded("'/it'\\''s/stopgate/bin/stopgate-hook' session --host codex"), true],
  [guarded('/x/stopgate/bin/stopgate-hook'), false],
  [guarded('/x/other build-stop'), false],
  [`${guarded('/x/stopgate/bin/stopgate-hook build-stop')} || :`, false],
  [guarded(guarded('/x/stopgate/bin/stopgate-hook build-stop')), false],
  [`/bin/sh -c 'command . "$0"' /x/stopgate/bin/stopgate-hook build-stop`, false],
  ['/bin/sh -c /x/stopgate/bin/stopgate-hook build-stop', false],
  ['/x/stopgate/bin/stopgate-hook', false],
  ['/x/stopgate/bin/stopgate-hook build-stop2', false],
  ['/x/stopgate/bin/stopgate-hook-extra build-stop', false],
  ['/x/my-stopgate/bin/stopgate-hook build-stop', false],
  ['echo /x/stopgate/bin/stopgate-hook build-stop', false],
  ['cd /x && /x/stopgate/bin/stopgate-hook build-stop', false],
  ['/x/stopgate/bin/stopgate-hook build-stop | tee log', false],
  ['/x/stopgate/bin/stopgate-hook build-stop\nsay done', false],
  ['/x/stopgate/bin/stopgate-hook build-stop "$(date)"', false],
  ['A=1 /x/stopgate/bin/stopgate-hook build-stop', false],
  ['"/x/stopgate/bin/stopgate-hook build-stop', false],
  ['', false],
])('%j: %s', (command, expected) => {
  expect(isOurCommand(command)).toBe(expected);
});
