import { type Danger, dangerIn } from '../state/danger.ts';
import { unsafeState } from '../state/own-state.ts';
import { stateDir } from '../state/paths.ts';
import { shellWord } from '../worktree/words.ts';

/** Passes where nobody else can put state into the state directory. @throws StopgateError `unsafe-state`. */
export function assertSafeState(): void {
  const danger = dangerIn(stateDir());
  if (danger !== null) throw unsafeState(danger, mendingHint(danger));
}

/** What a person types to make the state directory safe. */
export function mendingHint({ kind, path }: Danger): string {
  switch (kind) {
    case 'writable':
    case 'writable-above':
      return `Look at what is in it; then: chmod go-w ${shellWord(path)}`;
    case 'not-ours':
      return process.geteuid?.() === 0
        ? `Run it as that user, without sudo. If it is root's all the same: chown -R root ${shellWord(path)}`
        : `If its content is yours: sudo chown -R "$(id -u)" ${shellWord(path)}\n${ELSEWHERE}`;
    case 'owner-above':
      return `Whoever owns that directory may replace what is in it. ${ELSEWHERE}`;
    default:
      return kind satisfies never;
  }
}

const ELSEWHERE = 'Or point STOPGATE_STATE_DIR at a directory below one of your own.';
