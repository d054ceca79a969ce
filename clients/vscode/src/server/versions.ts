/** Versions: whether server and extension fit each other, said kindly when they do not. */

/** What to tell a person, or undefined when the two fit: the same major and minor number. */
export function mismatch(extension: string, server: string | undefined): string | undefined {
  if (!server) return "The server does not say which version it is; parts of the extension may not work.";
  const [mine, theirs] = [numbers(extension), numbers(server)];
  if (!mine || !theirs || (mine[0] === theirs[0] && mine[1] === theirs[1])) return undefined;
  const older = mine[0] > theirs[0] || (mine[0] === theirs[0] && mine[1] > theirs[1]);
  return older
    ? `The server is version ${server}, a little older than this extension (${extension}). Findings work; to have all commands, update the server.`
    : `The server is version ${server}, newer than this extension (${extension}). Findings work; to have all commands, update the extension.`;
}

function numbers(version: string): [number, number] | undefined {
  const found = /^(\d+)\.(\d+)/.exec(version);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}
