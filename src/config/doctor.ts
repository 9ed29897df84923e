import { surroundings, versions } from './doctor-machine.ts';
import { rightsFindings } from './doctor-rights.ts';
import { doubled, examineSite } from './doctor-sites.ts';
import { readManifest } from './manifest.ts';
import { projectOf } from './migrate.ts';
import { type Place, type Site, siteOf } from './site.ts';

/** One finding. `fixable`: `doctor --fix` mends it. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'broken';
  readonly what: string;
  readonly hint?: string;
  readonly fixable?: true;
}

/** Looks at everything that a hook needs to work; changes nothing. */
export async function examine(place: Place, version: string): Promise<Finding[]> {
  const sites = installedSites(place);
  const findings = [...surroundings(place), ...versions(place, sites, version)];
  for (const installed of sites) findings.push(...(await examineSite(installed)));
  findings.push(...doubled(sites.map(({ site }) => site)), ...rightsFindings(place));
  return findings;
}

/** A recorded settings file, as seen from its own project. */
export interface Installed {
  site: Site;
  place: Place;
}

/** The sites that the manifest records, each as seen from its own project. */
function installedSites(place: Place): Installed[] {
  return Object.values(readManifest(place.data).settings).map(({ host, scope, path }) => {
    const there = { ...place, project: projectOf(scope, path) ?? place.project };
    return { site: { ...siteOf(host, scope, there), path }, place: there };
  });
}
