import type { BasisPoints, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccount, Provider } from '../core/accounts/provider.ts';
import type { CloudAccountId } from '../core/ids.ts';
import type { MachineChoice, MachineType, TypeAtLocation } from '../core/market/catalogue.ts';
import type { CatalogueInput } from '../core/market/check-catalogue.ts';
import type { Offering, OfferingInput } from '../core/market/offering.ts';
import { createOffering } from '../flows/market/save-offering.flow.ts';
import { givenCloudAccount, givenProvider } from './accounts.fake.ts';
import { personCalled, type FakeCanister } from './fake-canister.fake.ts';
import { accepted } from './recipes.fake.ts';

/** In the catalogue of `catalogueInput`, and to be had. */
export const SMALL: MachineChoice = {
  machineType: 'cx23',
  location: 'fsn1',
  image: 'ubuntu-24.04',
};
export const SMALL_IN_NUREMBERG: MachineChoice = { ...SMALL, location: 'nbg1' };
export const LARGE: MachineChoice = {
  machineType: 'cx43',
  location: 'fsn1',
  image: 'ubuntu-24.04',
};
export const ARM: MachineChoice = { machineType: 'cax11', location: 'fsn1', image: 'ubuntu-24.04' };
/** In the catalogue, and sold out. */
export const SOLD_OUT: MachineChoice = { ...SMALL, location: 'ash' };

export function typeAt(location: string, changes: Partial<TypeAtLocation> = {}): TypeAtLocation {
  const price = { pricePerMonth: '5.4900000000' };
  return { location, isAvailable: true, unavailableAfter: undefined, ...price, ...changes };
}

export function machineType(changes: Partial<MachineType> = {}): MachineType {
  const at = [typeAt('fsn1'), typeAt('nbg1'), typeAt('ash', { isAvailable: false })];
  const size = { arch: 'x86', cores: 2, memoryMb: 4_096, diskGb: 40 } as const;
  return { name: 'cx23', ...size, at, ...changes };
}

/** Three types in three places, read now. */
export function catalogueInput(
  cloudAccountId: CloudAccountId,
  readAt: TimestampNs,
  changes: Partial<CatalogueInput> = {},
): CatalogueInput {
  const fsn1 = [typeAt('fsn1')];
  return {
    cloudAccountId,
    readAt,
    currency: 'EUR',
    locations: [
      { name: 'fsn1', city: 'Falkenstein', country: 'DE', zone: 'eu-central' },
      { name: 'nbg1', city: 'Nuremberg', country: 'DE', zone: 'eu-central' },
      { name: 'ash', city: 'Ashburn', country: 'US', zone: 'us-east' },
    ],
    images: [
      { name: 'ubuntu-24.04', archs: ['x86', 'arm'], unavailableAfter: undefined },
      { name: 'debian-12', archs: ['x86'], unavailableAfter: undefined },
    ],
    types: [
      machineType(),
      machineType({ name: 'cx43', cores: 8, memoryMb: 16_384, diskGb: 160, at: fsn1 }),
      machineType({ name: 'cax11', arch: 'arm', at: fsn1 }),
    ],
    ...changes,
  };
}

/** What the account's agent has read now. */
export function givenCatalogue(
  c: FakeCanister,
  account: CloudAccount,
  changes: Partial<CatalogueInput> = {},
): CatalogueInput {
  const input = catalogueInput(account.id, c.runtime.now, changes);
  c.storage.market.catalogues.publish(input);
  return input;
}

/** A public offer of a small bare machine for ten dollars. */
export function offeringInput(
  cloudAccountId: CloudAccountId,
  changes: Partial<OfferingInput> = {},
): OfferingInput {
  return {
    cloudAccountId,
    title: 'Small server',
    description: '',
    choices: [SMALL],
    recipe: undefined,
    pricePerMonthUsdE8: 1_000_000_000n as UsdE8,
    minTermNs: durationNs({ hours: 1 }),
    maxTermNs: durationNs({ days: 366 }),
    slaCredits: [{ belowPpm: 999_000, creditBps: 1_000 as BasisPoints }],
    noticeNs: durationNs({ hours: 1 }),
    provisionWithinNs: durationNs({ minutes: 30 }),
    providerPenaltyBps: 1_000 as BasisPoints,
    visibility: { kind: 'public' },
    ...changes,
  };
}

export interface GivenOffering {
  readonly provider: Provider;
  readonly account: CloudAccount;
  readonly offering: Offering;
}

/** An open offer of `seller`, with a fresh catalogue; of `account` if there is one. */
export function givenOffering(
  c: FakeCanister,
  given: {
    readonly seller?: string;
    readonly account?: CloudAccount;
    readonly input?: Partial<OfferingInput>;
  } = {},
): GivenOffering {
  const { seller = 'seller', input } = given;
  const provider = givenProvider(c, seller);
  const account = given.account ?? givenCloudAccount(c, provider);
  givenCatalogue(c, account);
  const before = c.runtime.callerNow;
  c.runtime.callerNow = personCalled(seller);
  try {
    const offering = accepted(createOffering(c, offeringInput(account.id, input)));
    return { provider, account, offering };
  } finally {
    c.runtime.callerNow = before;
  }
}
