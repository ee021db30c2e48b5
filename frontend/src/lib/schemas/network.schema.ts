import { z } from 'zod';

/** Where the page was deployed: written beside it by whoever deploys it, as `network.json`. */
export const networkSchema = z.object({
  network: z.enum(['local', 'ic']),
  /** Origin that serves `/api` and, one subdomain deeper, every canister: `https://icp0.io`. */
  gatewayUrl: z.url({ protocol: /^https?$/ }),
  /** DER in hex. Only a local network has one of its own; the IC's is built into the agent. */
  rootKey: z.hex().optional(),
  /** Canister ids by name. */
  canisters: z.record(z.string(), z.string().min(1)),
});

export type Network = z.infer<typeof networkSchema>;
