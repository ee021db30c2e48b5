import { present } from '@decent-cloud/domain/assert.ts';
import type { ConfigEvent } from '../events.ts';
import type { TreasuryState } from '../state.ts';
import { withSurplus } from '../tokens/books.ts';
import { changeBook, type Recorded } from './rows.ts';

/** Settings, tokens, and what is observed about their ledgers. */
export function applyConfigEvent(state: TreasuryState, entry: Recorded<ConfigEvent>): void {
  const { event, at } = entry;
  switch (event.kind) {
    case 'settings-changed':
      state.settings.put(null, event.settings);
      return;
    case 'token-configured':
      state.tokens.put(event.config);
      return;
    case 'ledger-fee-observed': {
      const known = present(state.tokens.get(event.ledger), 'the fee is of a known token');
      state.tokens.put({ ...known, fee: event.fee });
      return;
    }
    case 'platform-audited': {
      const { surplus } = event;
      changeBook(state, event.ledger, (book) => ({
        ...withSurplus(book, { before: book.platformSurplus, now: surplus }),
        platformSurplus: surplus,
        platformAuditedAt: at,
      }));
      return;
    }
  }
}
