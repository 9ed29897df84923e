import { runHook } from '../src/io/run-hook.ts';
import { sessionEvent } from '../src/session/hook.ts';

/** SessionStart, SessionEnd, UserPromptSubmit, PreCompact, PostCompact: the record of a session. */
runHook(
  'session',
  ['session'],
  () => ({}),
  (event, paths, host) => {
    const { context, systemMessage } = sessionEvent(event, paths);
    const output = {
      ...(context === undefined ? {} : host.renderContext(event, context)),
      ...(systemMessage === undefined ? {} : { systemMessage }),
    };
    return { output, record: null };
  },
);
