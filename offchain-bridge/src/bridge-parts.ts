import { AccountSessions } from './accounts/account-sessions.ts';
import { createRentalClient, type RentalClient } from './canister/rental.canister.ts';
import type { BridgeConfig } from './config.ts';
import { systemClock } from './observe/system-clock.ts';
import type { CloudProvider } from './ports/cloud.port.ts';
import type { Metrics } from './ports/metrics.port.ts';
import type { AgentAccount } from './ports/rental.port.ts';
import { ProviderRegistry } from './providers/provider-registry.ts';
import { openCredentials } from './secrets/age-files.ts';
import type { AgentKeys } from './secrets/agent-folder.ts';
import { identityOf } from './secrets/agent-identity.ts';

/** What a bridge reaches the world with; `run` and `doctor` share it. */
export interface BridgeParts {
  readonly rental: RentalClient;
  readonly sessions: AccountSessions;
  /** The cloud of an account, with its credentials as the canister has them now. */
  readonly providerOf: (account: AgentAccount) => Promise<CloudProvider>;
}

export function bridgeParts(
  config: BridgeConfig,
  { keys, metrics }: { readonly keys: AgentKeys; readonly metrics: Metrics },
): BridgeParts {
  const clock = systemClock;
  const { url, rentalId, rootKeyHex } = config.network;
  const rental = createRentalClient({
    host: url,
    canisterId: rentalId,
    identity: identityOf(keys),
    ...(rootKeyHex !== undefined && { rootKey: Buffer.from(rootKeyHex, 'hex') }),
    clock,
    metrics,
  });
  const providers = new ProviderRegistry(
    { hetzner: config.hetzner },
    { clock, random: Math.random },
  );
  const sessions = new AccountSessions({
    openCredentials: (sealed) => openCredentials(sealed, keys.ageIdentity),
    providerFor: ({ id, backend }, token) => providers.open({ account: id, backend, token }),
    clock,
  });
  const providerOf = async ({ id, backend }: AgentAccount): Promise<CloudProvider> => {
    const sealedCredentials = await rental.sealedCredentials(id);
    return sessions.use({ id, backend, sealedCredentials });
  };
  return { rental, sessions, providerOf };
}
