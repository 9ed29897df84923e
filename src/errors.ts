/** Every refusal a person can meet. `code` is stable; `hint` says what to do next. */
export class StopgateError extends Error {
  override readonly name = 'StopgateError';
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: 1 | 2 | 3;

  constructor(
    code: string,
    message: string,
    options: { hint?: string; exitCode?: 1 | 2 | 3; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The errno code (`ENOENT`, `EROFS`, …) of a system error, else undefined. Node has no name for a spent disk quota, and
 * calls what it cannot name by its number: `Unknown system error -122`.
 */
export function errnoOf(error: unknown): string | undefined {
  const { code, errno } = (error as NodeJS.ErrnoException | null) ?? {};
  if (typeof code !== 'string') return undefined;
  return code.startsWith(UNNAMED) && errno === EDQUOT ? 'EDQUOT' : code;
}

const UNNAMED = 'Unknown system error';
const EDQUOT = process.platform === 'linux' ? -122 : -69;
