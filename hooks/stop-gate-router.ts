import { route } from '../src/gate/router.ts';
import { runHook } from '../src/io/run-hook.ts';

/** The one Stop entry that install registers: every gate, one verdict, one output. */
runHook(
  'stop-gate-router',
  (host) => host.renderVerdict({ decision: 'approve', cause: 'error' }),
  async (event, paths, host) => {
    const { verdict, record } = await route(event, paths, null);
    return { output: host.renderVerdict(verdict), record };
  },
);
