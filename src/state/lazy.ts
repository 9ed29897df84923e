/** Makes a value when it is first asked for: building a schema costs a hook more than parsing with it. */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
