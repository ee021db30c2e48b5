import {
  blob,
  count,
  list,
  nanoseconds,
  nat,
  nat32,
  optional,
  principal,
  record,
  text,
} from '@decent-cloud/kit/wire/wire.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { PowerAction } from '../../core/rentals/rental.ts';
import type { DepositReceipt, LockedQuote } from '../../core/treasury/quote-terms.ts';
import type { Acceptance, Accepted } from '../../flows/rentals/accept-quote.flow.ts';
import type { ExtensionInput, QuotedExtension } from '../../flows/rentals/quote-extension.flow.ts';
import type { QuotedRental, RentInput } from '../../flows/rentals/quote-rental.flow.ts';
import type { RentalPageRequest } from '../../flows/rentals/rental-views.ts';
import type { UpgradeInput } from '../../flows/rentals/upgrade-recipe.flow.ts';
import { frozenTerms, inputs, powerAction } from './rentals-wire.ts';

/** What people ask for, and what they are answered before and after they pay. */

const lockedQuote = record<LockedQuote>({
  escrowId: count,
  amount: nat,
  ledgerFee: nat,
  tokenPriceUsdE8: nat,
  priceAt: nanoseconds,
  expiresAt: nanoseconds,
});

export const rentInput = record<RentInput>({
  offeringId: count,
  choiceIndex: nat32,
  termNs: nanoseconds,
  ledger: principal,
  inputs,
  sshKeys: list(text),
  sealedSecrets: optional(blob),
});
export const quotedRental = record<QuotedRental>({ terms: frozenTerms, quote: lockedQuote });

export const extensionInput = record<ExtensionInput>({ rentalId: count, termNs: nanoseconds });
export const quotedExtension = record<QuotedExtension>({
  rentalId: count,
  startsAt: nanoseconds,
  endsAt: nanoseconds,
  totalUsdE8: nat,
  quote: lockedQuote,
});

export const acceptance = record<Acceptance>({
  rentalId: count,
  maxAmount: nat,
  fromSubaccount: optional(blob),
});
export const accepted = record<Accepted>({
  rentalId: count,
  receipt: record<DepositReceipt>({ escrowId: count, amount: nat, block: optional(nat) }),
});

export const powerRequest = record<{
  readonly rentalId: RentalId;
  readonly action: PowerAction;
}>({ rentalId: count, action: powerAction });

export const keysRequest = record<{
  readonly rentalId: RentalId;
  readonly sshKeys: readonly string[];
}>({ rentalId: count, sshKeys: list(text) });

export const upgradeInput = record<UpgradeInput>({
  rentalId: count,
  to: nat32,
  inputs,
  sealedSecrets: optional(blob),
});

export const skipRequest = record<{ readonly rentalId: RentalId; readonly number: number }>({
  rentalId: count,
  number: nat32,
});

const pageFields = { from: optional(count), limit: nat32 };
export const rentalPageRequest = record<RentalPageRequest>(pageFields);
export const serverPageRequest = record<
  RentalPageRequest & { readonly cloudAccountId: CloudAccountId }
>({ ...pageFields, cloudAccountId: count });
