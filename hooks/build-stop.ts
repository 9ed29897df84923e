import { route } from '../src/gate/router.ts';
import { runHook } from '../src/io/run-hook.ts';

/** The build gate alone, as a Stop hook. */
runHook(
  'build-stop',
  ['build'],
  (host) => host.renderVerdict({ decision: 'approve', cause: 'error' }),
  async (event, paths, host) => {
    const { verdict, record } = await route(event, paths, null);
    return { output: host.renderVerdict(verdict), record };
  },
);
