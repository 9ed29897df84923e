/** True when a message names a file: by its path, by its last two parts, or by a name that is no common word. */
export function isNamed(path: string, message: string): boolean {
  const parts = path.split('/');
  const names = [path, parts.slice(-2).join('/'), parts.at(-1) ?? path];
  return names.some((name) => name.includes('.') && holdsName(message, name));
}

/** The name between characters that cannot belong to a longer one. */
function holdsName(message: string, name: string): boolean {
  for (let at = message.indexOf(name); at >= 0; at = message.indexOf(name, at + 1)) {
    const before = message[at - 1] ?? ' ';
    const after = message.slice(at + name.length, at + name.length + 2);
    const isEnd = after === '' || !/^([\p{L}\p{N}_-]|[./][\p{L}\p{N}])/u.test(after);
    if (isEnd && !/[\p{L}\p{N}_.-]/u.test(before)) return true;
  }
  return false;
}
