import { andThen, mapOk, type Result } from '@decent-cloud/domain/result.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { Backend } from '../../core/accounts/provider.ts';
import type { OfferingId } from '../../core/ids.ts';
import type { MachineChoice, MachineSpec } from '../../core/market/catalogue.ts';
import type { Offering } from '../../core/market/offering.ts';
import { isStale, orderable, specOfChoice, STALE_REASON } from '../../core/market/orderable.ts';
import { NO_RUNS, type RunStats } from '../../core/recipes/run-stats.ts';
import type { OfferingLinks } from '../../storage/market/offering-links.ts';
import { pageOfIds, type IdPageRequest } from '../page-of-ids.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import { callingViewer, maySee, visibleOffering } from './offer-access.ts';

/** One of an offer's machines, as the catalogue has it now. */
export interface MachineView {
  readonly choice: MachineChoice;
  /** Undefined if the cloud does not sell it any more. */
  readonly spec: MachineSpec | undefined;
  readonly isOrderable: boolean;
  /** Why not; empty if it is. */
  readonly reason: string;
}

export interface OfferingView {
  readonly offering: Offering;
  readonly providerName: string;
  /** 0 to 1000; undefined for a seller without data. */
  readonly trust: number | undefined;
  /** Undefined only for a retired offer whose cloud account is gone. */
  readonly backend: Backend | undefined;
  /** What a renter's secrets are sealed to; undefined before the agent's first heartbeat. */
  readonly agentRecipient: string | undefined;
  readonly machines: readonly MachineView[];
  /** When the catalogue was read; undefined if it never was. */
  readonly readAt: TimestampNs | undefined;
  readonly stats: RunStats;
}

export type OfferingPageRequest = IdPageRequest<OfferingId>;

/** Rows that the caller may see; there may be fewer than asked for, and still a `next`. */
export interface OfferingPage {
  readonly rows: readonly Offering[];
  readonly next: OfferingId | undefined;
}

/** An offer with everything that a renter has to know before renting it. */
export function viewOffering(c: RentalCanister, id: OfferingId): Result<OfferingView, RentalError> {
  const { market, accounts } = c.storage;
  return mapOk(visibleOffering(c, { id, viewer: callingViewer(c) }), (offering) => {
    const cloudAccount = accounts.cloudAccounts.get(offering.cloudAccountId);
    const agent = cloudAccount === undefined ? undefined : accounts.agents.get(cloudAccount.agent);
    return {
      offering,
      providerName: accounts.providers.get(offering.provider)?.name ?? '',
      trust: market.scores.get(offering.provider)?.score,
      backend: cloudAccount?.backend,
      agentRecipient: agent?.ageRecipient,
      machines: machinesOf(c, offering),
      readAt: market.catalogues.state(offering.cloudAccountId)?.readAt,
      stats: market.stats.get(id) ?? NO_RUNS,
    };
  });
}

/** A seller's offers, the newest first; the seller sees all of them, others what they may see. */
export function listProviderOfferings(
  c: RentalCanister,
  asked: OfferingPageRequest & { readonly provider: AccountId; readonly isRetired: boolean },
): Result<OfferingPage, RentalError> {
  const kind = asked.isRetired ? 'retired-of' : 'of-provider';
  return pageOfList(c, { list: { kind, of: asked.provider }, page: asked });
}

/** Offers that name the principal that calls. Those shared with another login are found by that. */
export function listSharedWithMe(
  c: RentalCanister,
  page: OfferingPageRequest,
): Result<OfferingPage, RentalError> {
  return andThen(requireUser(c.runtime), (of) =>
    pageOfList(c, { list: { kind: 'shared-with', of }, page }),
  );
}

function pageOfList(
  c: RentalCanister,
  { list, page }: { readonly list: OfferingLinks; readonly page: OfferingPageRequest },
): Result<OfferingPage, RentalError> {
  const { offeringLinks, offerings } = c.storage.market;
  return mapOk(pageOfIds(offeringLinks, list, page), ({ ids, next }) => {
    const viewer = callingViewer(c);
    const rows = ids.flatMap((id) => {
      const offering = offerings.get(id);
      return offering !== undefined && maySee(offering, viewer) ? [offering] : [];
    });
    return { rows, next };
  });
}

function machinesOf(c: RentalCanister, offering: Offering): readonly MachineView[] {
  const { cloudAccountId, choices } = offering;
  const { catalogues } = c.storage.market;
  const now = c.runtime.time();
  const state = catalogues.state(cloudAccountId);
  const isFresh = state !== undefined && !isStale(state.readAt, now);
  const lookup = catalogues.lookup(cloudAccountId);
  return choices.map((choice) => {
    const known = specOfChoice(lookup, choice);
    const had = orderable(lookup, choice, now);
    const whyNot = had.kind === 'err' ? had.error.reason : '';
    return {
      choice,
      spec: known.kind === 'ok' ? known.value : undefined,
      isOrderable: isFresh && had.kind === 'ok',
      reason: isFresh ? whyNot : STALE_REASON,
    };
  });
}
