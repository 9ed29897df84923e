import { runHook } from '../src/io/run-hook.ts';
import { requestShutdown } from '../src/shutdown/hook.ts';

/** PostToolUse of the tools that hand off: asks for the end of a worker once it is idle. */
runHook(
  'shutdown-after-idle',
  ['hand-off'],
  () => ({}),
  (event, paths) => {
    requestShutdown(event, paths);
    return { output: {}, record: null };
  },
);
