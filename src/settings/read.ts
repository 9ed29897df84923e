import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { errnoOf, messageOf } from '../errors.ts';
import { configDir } from '../state/paths.ts';
import { readRegularFile } from '../state/read-file.ts';
import { jsonErrorText } from './json-error.ts';
import { lowered, unheeded } from './lower.ts';
import { type Settings, settingsSchema } from './schema.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Settings are written by hand. */
const MAX_BYTES = 256 * 1024;

/** The settings that hold in one working tree, and what was wrong with the files they come from. */
export interface ReadSettings {
  settings: Settings;
  problems: string[];
}

export type ReadFile =
  | { kind: 'settings'; settings: Settings }
  | { kind: 'missing' }
  | { kind: 'bad'; why: string };

export function userSettingsPath(env: Env): string {
  return join(configDir(env), 'config.json');
}

export function projectSettingsPath(checkout: string): string {
  return join(checkout, 'stopgate.config.json');
}

/**
 * Reads a person's settings, and those of a project, which may only lower them. A file that cannot be read counts as
 * empty, and is a problem; so is what a project says in vain.
 */
export function readSettings(checkout: string, env: Env = process.env): ReadSettings {
  const files = [userSettingsPath(env), projectSettingsPath(checkout)] as const;
  const [user, project] = [readSettingsFile(files[0]), readSettingsFile(files[1])];
  const problems = [user, project].flatMap((file, at) =>
    file.kind === 'bad' ? [`${files[at]}: ${file.why}`] : [],
  );
  problems.push(...unheededIn(project, user).map((what) => `${files[1]}: ${what}`));
  return { settings: lowered(settingsOf(user), settingsOf(project)), problems };
}

/** What a project's file says in vain beside a person's. */
export function unheededIn(project: ReadFile, user: ReadFile): string[] {
  return unheeded(settingsOf(user), settingsOf(project));
}

/** Reads one settings file; never waits for one that is no file. */
export function readSettingsFile(path: string): ReadFile {
  const read = readJson(path);
  return read.kind === 'value' ? settingsIn(read.value) : read;
}

/** What a settings file holds, before anybody asks what it means. */
export function readJson(
  path: string,
): { kind: 'value'; value: unknown } | Exclude<ReadFile, { kind: 'settings' }> {
  try {
    const bytes = readRegularFile(path, MAX_BYTES);
    if (!isUtf8(bytes)) return { kind: 'bad', why: 'not UTF-8' };
    return parsed(bytes.toString('utf8'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'bad', why: messageOf(error) };
  }
}

function parsed(text: string): { kind: 'value'; value: unknown } | { kind: 'bad'; why: string } {
  try {
    return { kind: 'value', value: JSON.parse(text) };
  } catch (error) {
    return { kind: 'bad', why: `no JSON: ${jsonErrorText(text, messageOf(error))}` };
  }
}

function settingsIn(value: unknown): ReadFile {
  const result = settingsSchema().safeParse(value);
  if (result.success) return { kind: 'settings', settings: result.data };
  const [issue] = result.error.issues;
  return { kind: 'bad', why: `${issue?.path.join('.') || 'root'}: ${issue?.message ?? 'wrong'}` };
}

function settingsOf(file: ReadFile): Settings {
  return file.kind === 'settings' ? file.settings : {};
}
