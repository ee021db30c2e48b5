import * as z from 'zod/mini';

/** Where everybody's keys on the Internet Computer are: the page logs in nowhere else there. */
const IC_IDENTITY_PROVIDER = 'https://id.ai';

const canisterId = z.string().check(z.minLength(1));

const fileSchema = z.object({
  network: z.enum(['local', 'ic']),
  /** Origin that serves `/api` and, one subdomain deeper, every canister: `https://icp0.io`. */
  gatewayUrl: z.url({ protocol: /^https?$/ }),
  /** DER in hex. Only a local network has one of its own; the IC's is built into the agent. */
  rootKey: z.optional(z.hex()),
  /** Canister ids by name. */
  canisters: z.object({
    rental: canisterId,
    treasury: canisterId,
    'token-value': canisterId,
    archive: canisterId,
  }),
  /** Origin of the page where people log in. */
  identityProvider: z.url({ protocol: /^https?$/ }).check(z.refine(isOrigin, 'must be an origin')),
});

/** Where the page was deployed: written beside it by whoever deploys it, as `network.json`. */
export const networkSchema = fileSchema.check(
  z.refine(logsInWhereItMay, {
    path: ['identityProvider'],
    error: 'must be https://id.ai on the Internet Computer, and of this machine on a local network',
  }),
  z.refine(({ network, rootKey }) => network === 'local' || rootKey === undefined, {
    path: ['rootKey'],
    error: 'is built into the agent for the Internet Computer: a file may not name another',
  }),
);

export type Network = z.infer<typeof networkSchema>;

function isOrigin(url: string): boolean {
  return URL.canParse(url) && new URL(url).origin === url;
}

/** A development page gives away keys that are no secret: it is for this machine's network alone. */
function logsInWhereItMay({ network, identityProvider }: z.infer<typeof fileSchema>): boolean {
  if (network === 'ic') return identityProvider === IC_IDENTITY_PROVIDER;
  if (!URL.canParse(identityProvider)) return false;
  return /^(.+\.)?localhost$|^127\.0\.0\.1$/.test(new URL(identityProvider).hostname);
}
