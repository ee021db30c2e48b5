import type { TreasuryCanister } from './treasury-canister.ts';

const MAX_TOKENS = 20;

/**
 * Keeps a recent price of each token, for the US dollars in statements and to know which tokens can be
 * offered instead of another. Without one statements lack that figure; payouts go on.
 */
export async function refreshPriceHints({ storage, prices }: TreasuryCanister): Promise<void> {
  const tokenValue = storage.settings.get(null)?.tokenValue;
  if (tokenValue === undefined) return;
  const { rows } = storage.tokens.page({ order: 'oldest-first', limit: MAX_TOKENS });
  for (const { value } of rows) {
    const isInUse = (storage.books.get(value.ledger)?.openEscrowCount ?? 0) > 0;
    if (value.isEnabled || isInUse) await prices.refresh(tokenValue, value.ledger);
  }
}
