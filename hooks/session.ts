import { runHook } from '../src/io/run-hook.ts';
import { sessionEvent } from '../src/session/hook.ts';

/** SessionStart, SessionEnd, UserPromptSubmit, PreCompact, PostCompact: the record of a session. */
runHook(
  'session',
  () => ({}),
  (event, paths, host) => {
    const context = sessionEvent(event, paths);
    return { output: context === null ? {} : host.renderContext(event, context), record: null };
  },
);
