import { networkSchema, type Network } from '../schemas/network.schema.ts';

const NETWORK_FILE = '/network.json';

/** Reads the deployment's own description. Throws if it is missing or malformed. */
export async function loadNetwork(): Promise<Network> {
  const response = await fetch(NETWORK_FILE, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${NETWORK_FILE} answered with ${response.status}`);
  return networkSchema.parse(await response.json());
}
