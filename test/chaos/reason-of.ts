import type { ServiceError } from '../../dist/canisters/rental/declarations/rental.did.ts';

/** The leaf of a refusal. */
export function reasonOf({ kind }: ServiceError): string {
  const [[leaf]] = Object.values(kind) as [[] | [object]];
  return Object.keys(leaf ?? {})[0] ?? '';
}
