import type { Principal } from '@dfinity/principal';

/** The canisters and people that the treasury listens to. New quotes freeze them. */
export interface Settings {
  /** Asks for quotes and reports facts; nobody else may. */
  readonly rental: Principal;
  /** Decides disputes. */
  readonly arbiter: Principal;
  /** Asked for prices, and for nothing else. */
  readonly tokenValue: Principal;
}
