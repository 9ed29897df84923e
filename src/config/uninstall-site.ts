import { messageOf } from '../errors.ts';
import type { Scope } from '../hosts/claude/settings-path.ts';
import { type KeptTrust, keepTrust } from '../hosts/codex/keep-trust.ts';
import type { HostId } from '../owner/identity.ts';
import { type Applied, applySettings, previewSettings } from './apply.ts';
import { exclusively } from './exclusively.ts';
import { applicationOf } from './install.ts';
import { readManifest, updateManifest } from './manifest.ts';
import { projectOf } from './migrate.ts';
import { realPath } from './real-path.ts';
import { isOurCommand } from './recognise.ts';
import type { Place, Site } from './site.ts';

export type Where = Pick<Site, 'host' | 'scope' | 'path' | 'rules'>;

/** What became of one settings file. */
export type SiteRemoval =
  | {
      readonly host: HostId;
      readonly scope: Scope;
      readonly path: string;
      readonly settings: Applied;
      /** Codex only: whether the hooks that moved are as trusted as they were. */
      readonly trust: KeptTrust | null;
    }
  | {
      readonly host: HostId;
      readonly scope: Scope;
      readonly path: string;
      readonly refused: string;
    };

/** Takes our entries out of one settings file; what keeps it from that is part of the answer. */
export async function removeAt(site: Where, place: Place, dryRun: boolean): Promise<SiteRemoval> {
  const { host, scope, path } = site;
  try {
    const remove = () => removeEntries(site, place, dryRun);
    if (host !== 'codex' || dryRun) return { host, scope, path, settings: remove(), trust: null };
    const cwd = projectOf(scope, path) ?? place.project;
    const where = { env: place.env, cwd, hooksFile: path, isOurs: isOurCommand };
    const { result, kept } = await keepTrust(where, remove);
    return { host, scope, path, settings: result, trust: kept };
  } catch (error) {
    return { host, scope, path, refused: messageOf(error) };
  }
}

function removeEntries(site: Where, place: Place, dryRun: boolean): Applied {
  const application = applicationOf(site, place, [], 'remove');
  const preview = previewSettings(application);
  const isKnown = recordsOf(site, preview.target, place).length > 0;
  if (dryRun || (preview.kind === 'unchanged' && !isKnown)) return preview;
  return exclusively(place, () => {
    const settings = applySettings(application);
    forget(recordsOf(site, settings.target, place), place);
    return settings;
  });
}

/** The keys under which the manifest has a settings file; a link may lead elsewhere than when it was installed. */
function recordsOf({ path }: Where, target: string, { data }: Place): string[] {
  return Object.entries(readManifest(data).settings).flatMap(([key, recorded]) =>
    key === target || realPath(recorded.path) === realPath(path) ? [key] : [],
  );
}

function forget(keys: readonly string[], { data, state }: Place): void {
  if (keys.length === 0) return;
  updateManifest(data, state, (manifest) => ({
    ...manifest,
    settings: Object.fromEntries(
      Object.entries(manifest.settings).filter(([key]) => !keys.includes(key)),
    ),
  }));
}
