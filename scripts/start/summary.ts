import type { DeployedCanister } from './deploy.ts';
import { PAGE_NAME } from './names.ts';
import type { RunningNetwork } from './network.ts';

/** Lines that tell where everything is. `URL:` and `Root key:` begin lines of their own. */
export function summaryLines(
  network: RunningNetwork,
  canisters: readonly DeployedCanister[],
  bridgeUrls: readonly string[],
): string[] {
  const { port } = new URL(network.url);
  return [
    '',
    ...canisters.flatMap(canisterLines),
    '',
    `URL:        http://${PAGE_NAME}.localhost:${port}/`,
    `            http://127.0.0.1:${port}/?canisterId=${network.pageId.toText()}`,
    `Network:    http://localhost:${port}`,
    `Identity:   ${network.identityProvider}/`,
    `Root key:   ${network.rootKeyHex}`,
    ...bridgeUrls.map((url) => `Bridge:     ${url}/status`),
    '',
  ];
}

function canisterLines(canister: DeployedCanister): string[] {
  const { name, canisterId, action, version, health, record } = canister;
  return [
    `${name.padEnd(11)} ${canisterId.toText()}  version ${version}, ${action}`,
    `            /healthz ${health}`,
    `            record: ${record}`,
  ];
}
