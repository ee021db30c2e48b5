import { networkSchema, type Network } from '../schemas/network.schema.ts';

const NETWORK_FILE = '/network.json';

/** Reads the deployment's own description. Throws if it is missing or malformed. */
export async function loadNetwork(): Promise<Network> {
  const response = await fetch(NETWORK_FILE, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${NETWORK_FILE} answered with ${response.status}`);
  const parsed = networkSchema.safeParse(await response.json());
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`${NETWORK_FILE} is malformed: ${problems.join('; ')}`);
}
