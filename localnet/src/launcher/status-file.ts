import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIRST_CANISTER_ID } from '../http/canister-ranges.ts';

/**
 * Tells the `icp` command that the network is ready. It waits for a complete line in this file.
 * Source: dfinity/icp-cli crates/icp/src/network/managed/launcher.rs, `LauncherStatus`.
 */
export function writeStatusFile(
  statusDir: string,
  network: { readonly port: number; readonly rootKeyHex: string },
): void {
  mkdirSync(statusDir, { recursive: true });
  const status = {
    v: '1',
    gateway_port: network.port,
    root_key: network.rootKeyHex,
    default_effective_canister_id: FIRST_CANISTER_ID.toText(),
    supported_features: ['custom-domains'],
  };
  const draft = join(statusDir, `status.json.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(status)}\n`);
  renameSync(draft, join(statusDir, 'status.json'));
}
