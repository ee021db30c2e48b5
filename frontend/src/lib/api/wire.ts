import type * as Archive from '../../../../dist/canisters/archive/declarations/archive.did.ts';
import type * as Rental from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import type * as TokenValue from '../../../../dist/canisters/token-value/declarations/token-value.did.ts';
import type * as Treasury from '../../../../dist/canisters/treasury/declarations/treasury.did.ts';

/** The canisters' types, as generated from their Candid: `Rental.SearchRow`. */
export type { Archive, Rental, TokenValue, Treasury };
