import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { canisterIdFrom, GatewayNameError, type GatewayNames } from '../gateway/gateway-names.ts';

const FILE = 'custom-domains.txt';

/**
 * Keeps names in step with the file in which the `icp` command lists host names of canisters, one
 * `<host>:<canister id>` a line. Returns what ends it.
 * Source: dfinity/icp-cli crates/icp/src/network/custom_domains.rs.
 */
export function followCustomDomains(statusDir: string, names: GatewayNames): () => void {
  const path = join(statusDir, FILE);
  let known: ReadonlySet<string> = new Set();
  const refresh = (): void => {
    known = applyDomains(readIfThere(path), names, known);
  };
  const watcher = watch(statusDir, { persistent: false }, (_, name) => {
    if (name === FILE) refresh();
  });
  refresh();
  return () => {
    watcher.close();
  };
}

/** Registers what the text lists and removes what it listed before. */
function applyDomains(
  text: string,
  names: GatewayNames,
  before: ReadonlySet<string>,
): ReadonlySet<string> {
  const now = new Set<string>();
  for (const line of text.split('\n')) {
    const [host = '', id = ''] = line.trim().split(':');
    const canisterId = canisterIdFrom(id);
    if (canisterId !== undefined && tryRegister(() => names.register(host, canisterId))) {
      now.add(host);
    }
  }
  for (const host of before) if (!now.has(host)) names.remove(host);
  return now;
}

/** A line that names no host, such as one that is just being written, is not an error. */
function tryRegister(register: () => void): boolean {
  try {
    register();
    return true;
  } catch (error) {
    if (error instanceof GatewayNameError) return false;
    throw error;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
