import type { Principal } from '@dfinity/principal';
import type { TreasuryEvent } from './events.ts';
import type { TokenConfig } from './tokens/token-config.ts';

/** Where events leave their traces; in the canister this is stable memory. */
export interface TreasuryState {
  readonly tokens: TokenTable;
}

/** One row for each token, in the order in which tokens were first configured. */
export interface TokenTable {
  readonly put: (config: TokenConfig) => void;
  readonly get: (ledger: Principal) => TokenConfig | undefined;
  readonly count: () => number;
}

/** The one way in which state changes, live and in replay alike. */
export function applyEvent(state: TreasuryState, event: TreasuryEvent): void {
  state.tokens.put(event.config);
}
