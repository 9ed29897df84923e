import { join } from 'node:path';
import { type AskAuthority, route } from '../src/gate/router.ts';
import { runHook } from '../src/io/run-hook.ts';
import { endIfRequested } from '../src/shutdown/after-verdict.ts';

/** Loads the authority's own bundle by its path, so that no stop without one pays for its code. */
const askWhenSet: AskAuthority = (stop, config) => {
  const { askAuthority }: { askAuthority: AskAuthority } = require(
    join(__dirname, 'authority.cjs'),
  );
  return askAuthority(stop, config);
};

/** The one Stop entry that install registers: every gate, one verdict, one output. */
runHook(
  'stop-gate-router',
  (host) => host.renderVerdict({ decision: 'approve', cause: 'error' }),
  async (event, paths, host) => {
    const routed = await route(event, paths, askWhenSet);
    await endIfRequested(event, paths, routed);
    return { output: host.renderVerdict(routed.verdict), record: routed.record };
  },
);
