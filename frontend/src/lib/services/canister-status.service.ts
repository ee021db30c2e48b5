import type { HttpAgent } from '@dfinity/agent';
import { fetchHealth } from '../api/health.api.ts';
import { fetchVersion } from '../api/version.api.ts';
import type { Network } from '../schemas/network.schema.ts';

/** What is known of one canister from here. `silent` says why in words for the reader. */
export type CanisterStatus =
  | { readonly kind: 'checking' }
  | { readonly kind: 'answers'; readonly version: string; readonly responseMs: number }
  | { readonly kind: 'silent'; readonly reason: string };

export interface CheckOptions {
  readonly network: Network;
  readonly agent: HttpAgent;
  readonly canisterId: string;
}

/** Asks a canister both ways, as a page and as a query. It answers only if both do. */
export async function checkCanister(options: CheckOptions): Promise<CanisterStatus> {
  const { network, agent, canisterId } = options;
  const startedAtMs = performance.now();
  try {
    await fetchHealth(network, canisterId);
    const version = await fetchVersion(agent, canisterId);
    return { kind: 'answers', version, responseMs: Math.round(performance.now() - startedAtMs) };
  } catch (error) {
    return { kind: 'silent', reason: reasonText(error) };
  }
}

/** The first line only: agents append request details that help nobody on a status page. */
function reasonText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] ?? message;
}
