import type { Principal } from '@dfinity/principal';
import { canisterIdFrom, type GatewayNames } from './gateway-names.ts';

/** Whom a request is for. On a raw host nothing is verified. */
export type Address =
  | { readonly kind: 'canister'; readonly canisterId: Principal; readonly isRaw: boolean }
  | { readonly kind: 'invalid-id'; readonly text: string }
  | { readonly kind: 'none' };

export interface AddressedRequest {
  /** Value of the Host header. */
  readonly host: string;
  /** With or without leading `?`. */
  readonly query: string;
  readonly referer: string | undefined;
}

/**
 * Finds the canister in this order: a name or id in the host, `?canisterId=`, then the same in the
 * Referer, for what a page opened with `?canisterId=` loads by absolute path.
 *
 * Source: HTTP gateway protocol, "Canister ID Resolution"; dfinity/ic-gateway.
 */
export function resolveAddress(request: AddressedRequest, names: GatewayNames): Address {
  const labels = hostLabels(request.host);
  const isRaw = labels.includes('raw');
  const byHost = canisterInHost(labels, names);
  if (byHost !== undefined) return { kind: 'canister', canisterId: byHost, isRaw };

  const text = new URLSearchParams(request.query).get('canisterId');
  if (text !== null) {
    const byQuery = canisterIdFrom(text) ?? names.find(text);
    if (byQuery === undefined) return { kind: 'invalid-id', text };
    return { kind: 'canister', canisterId: byQuery, isRaw };
  }
  const byReferer = canisterInReferer(request.referer, names);
  if (byReferer === undefined) return { kind: 'none' };
  return { kind: 'canister', canisterId: byReferer, isRaw };
}

/** The name in a Host header: lower case, without port and the root's dot. */
export function hostNameOf(host: string): string {
  return host.trim().toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}

function hostLabels(host: string): string[] {
  return hostNameOf(host).split('.');
}

/** The first id from the right; a label may carry a prefix, as in `preview--<id>.localhost`. */
function canisterInHost(labels: readonly string[], names: GatewayNames): Principal | undefined {
  const whole = names.find(labels.join('.'));
  if (whole !== undefined) return whole;
  for (const label of labels.toReversed()) {
    const canisterId = canisterIdFrom(label.split('--').at(-1) ?? label);
    if (canisterId !== undefined) return canisterId;
  }
  const [first = ''] = labels;
  return labels.length > 1 ? names.find(first) : undefined;
}

function canisterInReferer(
  referer: string | undefined,
  names: GatewayNames,
): Principal | undefined {
  if (referer === undefined || !URL.canParse(referer)) return undefined;
  const url = new URL(referer);
  const byHost = canisterInHost(hostLabels(url.host), names);
  if (byHost !== undefined) return byHost;
  const text = url.searchParams.get('canisterId');
  return text === null ? undefined : (canisterIdFrom(text) ?? names.find(text));
}
