/** Failures of an installation in words that say what to do. */

/** What went wrong, told from what pip, venv or Python has printed. */
export function explained(output: string): string {
  if (/ensurepip|No module named venv|python3[\d.]*-venv/i.test(output)) {
    return "This Python cannot make virtual environments. On Debian and Ubuntu: sudo apt install python3-venv";
  }
  if (/Temporary failure in name resolution|NewConnectionError|ConnectionError|Connection refused|timed out|ProxyError|Network is unreachable/i.test(output)) {
    return "The package index could not be reached. Check the network or the proxy, then try again.";
  }
  if (/CERTIFICATE_VERIFY_FAILED|SSLError/i.test(output)) {
    return "The package index's certificate was not accepted. Behind a proxy of a company, set PIP_CERT or pip's own configuration.";
  }
  if (/No space left on device/i.test(output)) return "There is no space left on the disk.";
  if (/Permission denied|EACCES/i.test(output)) {
    return "The extension's storage folder cannot be written to.";
  }
  if (/No matching distribution|Could not find a version|Requires-Python/i.test(output)) {
    return "There is no package of the server for this Python, or the package index does not have it.";
  }
  const last = output.trim().split("\n").filter(Boolean).pop();
  return last ? last.replace(/^ERROR:\s*/, "") : "The installation ended without a word.";
}
