/** True when version `a` is released after `b`; a pre-release comes before its release. */
export function isNewer(a: string, b: string): boolean {
  const [mainA = '', preA] = split(a);
  const [mainB = '', preB] = split(b);
  const order = compare(mainA, mainB);
  if (order !== 0) return order > 0;
  if (preA === undefined || preB === undefined) return preA === undefined && preB !== undefined;
  return compare(preA, preB) > 0;
}

function split(version: string): string[] {
  return version.replace(/\+.*$/, '').split(/-(.*)/s, 2);
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
