/**
 * What the marketplace takes, how it rounds and how long it waits: the one place that code, tests
 * and the fee page (`docs/FEES.md`, generated from here) read.
 */

/** The platform's share of what vests: 3 %. */
export const PLATFORM_FEE_BPS = 300;
/** The most a recipe's author may ask: 10 %. */
export const MAX_AUTHOR_FEE_BPS = 1_000;
/** The most that platform and author may take together: 20 %. The provider gets the rest. */
export const MAX_TOTAL_FEE_BPS = 2_000;
/** A release during the term pays out only what is worth at least this many ledger fees. */
export const MIN_RELEASE_IN_LEDGER_FEES = 20n;

/** How long a quoted amount can be accepted. */
export const QUOTE_LIFE_MINUTES = 10;
/** A quote is refused once the token lost more than this against it: 3 %. */
export const PRICE_COLLAR_BPS = 300;

/** While a rental runs, what vested is released this often. */
export const RELEASE_EVERY_HOURS = 24;
/** The newest part of what vested is kept back this long, also after the end. */
export const HOLD_BACK_HOURS = 48;
/** After the term, facts about its last hours are still taken in for this long. Nothing vests then. */
export const FACTS_GRACE_HOURS = 6;
/** With more of a paid period not measured than this, in parts per million, its end waits: 5 %. */
export const MAX_UNKNOWN_PPM = 50_000;
/** A dispute that nobody decided is decided by the reported facts after this long. */
export const DISPUTE_DAYS = 14;

/** A change of the payout account takes effect this long after it was asked for. */
export const PAYOUT_ACCOUNT_DELAY_HOURS = 48;
/** The longest a payee may pause payouts at a time. */
export const MAX_PAYOUT_PAUSE_DAYS = 90;
