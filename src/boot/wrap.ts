/** A CommonJS source as Node itself wraps it, so that it can be compiled apart from being run. */
export function wrap(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
}
