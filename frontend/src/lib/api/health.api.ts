import type { Network } from '../schemas/network.schema.ts';

/**
 * The address of a canister's own page. Health is not certified, so it is asked from the `raw`
 * domain, which passes uncertified answers on.
 */
export function canisterUrl(network: Network, canisterId: string, path: string): URL {
  const url = new URL(path, network.gatewayUrl);
  url.host = `${canisterId}.raw.${url.host}`;
  return url;
}

/** Asks `/healthz`. Throws if the canister or its gateway does not answer with 200. */
export async function fetchHealth(network: Network, canisterId: string): Promise<string> {
  const url = canisterUrl(network, canisterId, '/healthz');
  const response = await fetch(url, { cache: 'no-store' }).catch((cause: unknown) => {
    throw new Error(`${url.host} could not be reached`, { cause });
  });
  const text = (await response.text()).trim();
  if (!response.ok) throw new Error(`/healthz answered with ${response.status}`);
  return text;
}
