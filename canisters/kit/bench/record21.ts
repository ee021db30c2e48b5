import type { Principal } from '@dfinity/principal';

/** A rental as it is going to be stored: the size and the mix of types are what is measured. */
export interface Record21 {
  readonly id: number;
  readonly offeringId: number;
  readonly recipeId: number;
  readonly recipeVersion: number;
  readonly renter: Principal;
  readonly provider: Principal;
  readonly state: string;
  readonly name: string;
  readonly region: string;
  readonly machineType: string;
  readonly createdAtNs: bigint;
  readonly startedAtNs: bigint | undefined;
  readonly endsAtNs: bigint;
  readonly pricePerMonth: bigint;
  readonly paid: bigint;
  readonly released: bigint;
  readonly feeBps: number;
  readonly isAutoRenewed: boolean;
  readonly tags: readonly string[];
  readonly serverAddress: string;
  readonly note: string | undefined;
}

/** A record whose contents differ from row to row, as real ones do. */
export function makeRecord(id: number, parties: readonly [Principal, Principal]): Record21 {
  const createdAtNs = 1_795_000_000_000_000_000n + BigInt(id) * 1_000_000_007n;
  return {
    id,
    offeringId: id % 977,
    recipeId: id % 131,
    recipeVersion: id % 17,
    renter: parties[0],
    provider: parties[1],
    state: 'active',
    name: `wordpress-${id}-falkenstein-production`,
    region: 'Falkenstein, Germany (fsn1)',
    machineType: 'cx23: 2 vCPU, 4 GB RAM, 40 GB NVMe',
    createdAtNs,
    startedAtNs: id % 3 === 0 ? undefined : createdAtNs + 45_000_000_000n,
    endsAtNs: createdAtNs + 2_592_000_000_000_000n,
    pricePerMonth: 4_870_000n + BigInt(id),
    paid: 4_870_000n + BigInt(id),
    released: BigInt(id) * 13n,
    feeBps: 300,
    isAutoRenewed: id % 2 === 0,
    tags: ['wordpress', 'mysql', 'production'],
    serverAddress: '2a01:4f8:c2c:1234::1',
    note: id % 5 === 0 ? undefined : 'Renewed once; the owner asked for daily backups at night.',
  };
}
