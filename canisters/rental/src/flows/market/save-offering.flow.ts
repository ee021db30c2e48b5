import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { OfferingId } from '../../core/ids.ts';
import type { Offering, OfferingInput, OfferingStatus } from '../../core/market/offering.ts';
import type { OfferingLinks } from '../../storage/market/offering-links.ts';
import { actingProvider, type ActingProvider } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { checkOffer } from './check-offer-market.ts';
import { indexOffer } from './index-offer.ts';

/** What one seller may offer at a time, and retire for ever: offers are numbered, and kept. */
export const OFFERING_QUOTA = { live: 200, retired: 2_000 } as const;
/** The search works on numbers with one bit for each offer that ever was. */
const MAX_OFFERINGS = 1_000_000;

export interface OfferingChange {
  readonly offeringId: OfferingId;
  readonly input: OfferingInput;
}

/** Makes an offer, open at once. Sellers only. */
export function createOffering(
  c: RentalCanister,
  input: OfferingInput,
): Result<Offering, RentalError> {
  return andThen(actingProvider(c), ({ provider }) => {
    const quota = checkQuota(c, provider.id);
    if (quota.kind === 'err') return quota;
    return andThen(checkOffer(c, { provider, input, before: [] }), () => {
      const at = c.runtime.time();
      const id = c.storage.market.offeringIds.next();
      const mark = { id, provider: provider.id, createdAt: at, updatedAt: at };
      return ok(store(c, undefined, { ...input, ...mark, status: 'open' }));
    });
  });
}

/** Changes an offer for rentals to come; those that run have their terms frozen. */
export function updateOffering(
  c: RentalCanister,
  { offeringId, input }: OfferingChange,
): Result<Offering, RentalError> {
  return andThen(ownOffering(c, offeringId), ({ provider, offering }) => {
    if (offering.status === 'retired') return refuseRetired();
    const before = input.cloudAccountId === offering.cloudAccountId ? offering.choices : [];
    return andThen(checkOffer(c, { provider, input, before }), () => {
      const { id, status, createdAt } = offering;
      const mark = { id, provider: provider.id, status, createdAt, updatedAt: c.runtime.time() };
      return ok(store(c, offering, { ...input, ...mark }));
    });
  });
}

/** Opens, pauses or retires an offer; what is retired stays so. What runs is not touched. */
export function setOfferingStatus(
  c: RentalCanister,
  { offeringId, status }: { readonly offeringId: OfferingId; readonly status: OfferingStatus },
): Result<Offering, RentalError> {
  return andThen(ownOffering(c, offeringId), ({ offering }) => {
    if (offering.status === status) return ok(offering);
    if (offering.status === 'retired') return refuseRetired();
    return ok(store(c, offering, { ...offering, status, updatedAt: c.runtime.time() }));
  });
}

function ownOffering(
  c: RentalCanister,
  id: OfferingId,
): Result<ActingProvider & { readonly offering: Offering }, RentalError> {
  return andThen(actingProvider(c), (acting) => {
    const offering = c.storage.market.offerings.get(id);
    if (offering?.provider === acting.provider.id) return ok({ ...acting, offering });
    const message = `You have no offer ${id}. Nothing was changed: look at its number again.`;
    return refuse({ kind: 'not-found' }, message);
  });
}

function checkQuota(c: RentalCanister, of: Offering['provider']): Result<null, RentalError> {
  const { offeringLinks, offeringIds } = c.storage.market;
  const { live, retired } = OFFERING_QUOTA;
  if (offeringLinks.count({ kind: 'of-provider', of }) >= live) {
    const message = `You have ${live} offers, the most a seller may have. Nothing was made: retire one, or change one.`;
    return refuse({ kind: 'quota-exceeded', limit: live }, message);
  }
  if (offeringLinks.count({ kind: 'retired-of', of }) >= retired) {
    const message = `You have retired ${retired} offers, and no more are kept. Nothing was made: change one instead.`;
    return refuse({ kind: 'quota-exceeded', limit: retired }, message);
  }
  if (offeringIds.count() < MAX_OFFERINGS) return ok(null);
  const message =
    'The market has no numbers left for offers. Nothing was made: change an offer of yours instead.';
  return refuse({ kind: 'quota-exceeded', limit: MAX_OFFERINGS }, message);
}

function refuseRetired() {
  const message = 'This offer is retired for good. Nothing was changed: make a new one.';
  return refuse({ kind: 'wrong-state', state: 'retired' }, message);
}

/** Keeps lists and index in step with the offer, which keeps its place in a list where it stays. */
function store(c: RentalCanister, before: Offering | undefined, offering: Offering): Offering {
  const { offerings, offeringLinks } = c.storage.market;
  const lists = listsOf(offering);
  const kept = new Set(lists.map(nameOf));
  for (const list of before === undefined ? [] : listsOf(before)) {
    if (!kept.has(nameOf(list))) offeringLinks.remove(list, offering.id);
  }
  for (const list of lists) offeringLinks.add(list, offering.id);
  offerings.set(offering.id, offering);
  indexOffer(c, offering);
  return offering;
}

function listsOf(offering: Offering): readonly OfferingLinks[] {
  const { status, provider, cloudAccountId, visibility } = offering;
  if (status === 'retired') return [{ kind: 'retired-of', of: provider }];
  const shared = visibility.kind === 'shared' ? visibility.principals : [];
  return [
    { kind: 'of-provider', of: provider },
    { kind: 'of-account', of: cloudAccountId },
    ...shared.map((of): OfferingLinks => ({ kind: 'shared-with', of })),
  ];
}

function nameOf(list: OfferingLinks): string {
  return list.kind === 'shared-with' ? list.of.toHex() : `${list.kind}:${list.of}`;
}
