import type { Principal } from '@dfinity/principal';
import type { TokenConfig } from './tokens/token-config.ts';

/**
 * Everything that ever changes the treasury's state, as data. State moves only by an event that was
 * put in the journal, so the journal alone gives the state again.
 */
export type TreasuryEvent = TokenConfigured;

/** A controller set the configuration of one token, new or known. */
export interface TokenConfigured {
  readonly kind: 'token-configured';
  readonly by: Principal;
  readonly config: TokenConfig;
}
