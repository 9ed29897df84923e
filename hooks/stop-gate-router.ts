import { type AskAuthority, route } from '../src/gate/router.ts';
import { runHook } from '../src/io/run-hook.ts';
import { endIfRequested } from '../src/shutdown/after-verdict.ts';

/** Loaded only where a person set an authority. */
const askWhenSet: AskAuthority = async (stop, config) => {
  const { askAuthority } = await import('../src/gate/ask-authority.ts');
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
