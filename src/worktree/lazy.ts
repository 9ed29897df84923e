/** An object whose values are looked up when they are first read, once each: what nobody asks for costs nothing. */
export function lazily<T extends object>(probes: { readonly [Name in keyof T]: () => T[Name] }): T {
  const found = {} as T;
  for (const name of Object.keys(probes) as (keyof T)[]) {
    Object.defineProperty(found, name, {
      configurable: true,
      enumerable: true,
      get: () => {
        const value = probes[name]();
        Object.defineProperty(found, name, { value, enumerable: true });
        return value;
      },
    });
  }
  return found;
}
