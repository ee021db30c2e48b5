import type { BasisPoints, TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId, EscrowId, JobId, OfferingId, RecipeId } from '../core/ids.ts';
import type { Job } from '../core/jobs/job.ts';
import { SLOTS_PER_DAY } from '../core/health/slots.ts';
import { newWatch } from '../core/health/watch.ts';
import type { Rental } from '../core/rentals/rental.ts';
import type { FrozenTerms } from '../core/rentals/terms.ts';
import { scheduleArchive } from '../flows/archive/schedule-archive.ts';
import { givenAccount, givenCloudAccount, givenProvider } from './accounts.fake.ts';
import { personCalled, type FakeCanister } from './fake-canister.fake.ts';
import { termsOf } from './terms.fake.ts';

const deployment = {
  recipeId: 3 as RecipeId,
  number: 4,
  name: 'nextcloud',
  semver: '1.4.2',
  scriptSha256: 'ab'.repeat(32),
};
const AGREED: Partial<FrozenTerms> = {
  recipe: deployment,
  authorPrincipal: personCalled('sam'),
  termNs: durationNs({ days: 2 }),
  totalUsdE8: 30_000_000n as UsdE8,
  authorBps: 500 as BasisPoints,
  slaCredits: [{ belowPpm: 999_000, creditBps: 1_000 as BasisPoints }],
  noticeNs: durationNs({ hours: 1 }),
};

/** Who has to do with a rental. */
export interface RentalParties {
  readonly renter: AccountId;
  readonly provider: AccountId;
  readonly cloudAccountId: CloudAccountId;
}

/** Ann rents from Sam. */
export function givenParties(c: FakeCanister): RentalParties {
  const renter = givenAccount(c, 'ann').id;
  const provider = givenProvider(c, 'sam');
  return { renter, provider: provider.id, cloudAccountId: givenCloudAccount(c, provider).id };
}

/**
 * A rental of two days that closed now, with a row in every place that holds something about rentals,
 * and on the list of what moves to the archive.
 */
export function givenClosedRental(c: FakeCanister, parties: RentalParties): Rental {
  const { rentals, terms, configs, secrets, links, ids } = c.storage.rentals;
  const id = ids.next();
  const at = c.runtime.now;
  const startedAt = (at - durationNs({ days: 2 })) as TimestampNs;
  const rental: Rental = {
    ...parties,
    id,
    payer: personCalled('ann'),
    offeringId: 5 as OfferingId,
    state: {
      kind: 'closed',
      at,
      ending: { cause: 'term-ended', reason: 'The term was over. Nothing was left to pay.', at },
    },
    periods: [
      {
        escrowId: (1_000 + id) as EscrowId,
        status: 'settled',
        termNs: durationNs({ days: 2 }),
        amount: 4_500_000n as TokenUnits,
        quoteExpiresAt: startedAt,
        startedAt,
        factSeq: 2,
      },
    ],
    deployment,
    choiceIndex: 0,
    server: undefined,
    skippedVersion: undefined,
    dueAt: undefined,
    createdAt: startedAt,
    updatedAt: at,
  };
  rentals.set(id, rental);
  terms.set(id, termsOf(rental, { ...AGREED, author: rental.provider }));
  const inputs = { values: [{ name: 'TITLE', value: 'hidden input' }], secretNames: [] };
  configs.set(id, { sshKeys: ['ssh-ed25519 AAAA'], inputs, inputsBefore: undefined });
  secrets.set(id, { sealed: Uint8Array.of(1), sealedBefore: undefined });
  links.add({ kind: 'of-renter', of: rental.renter }, id);
  links.add({ kind: 'of-provider', of: rental.provider }, id);
  giveWork(c, rental, startedAt);
  giveHealth(c, rental, startedAt);
  scheduleArchive(c, id, at);
  return rental;
}

function giveWork(c: FakeCanister, rental: Rental, at: TimestampNs): void {
  const { ids, jobs, links, logs, timelines, connections, queues } = c.storage.jobs;
  const row = { at, index: 0, of: 0 };
  timelines.append(rental.id, { ...row, step: 'paid', note: '' });
  timelines.append(rental.id, { ...row, step: 'ssh-reachable', note: 'answers on 203.0.113.7' });
  for (const kind of ['provision', 'rotate-ssh-keys', 'terminate'] as const) {
    const id: JobId = ids.next();
    jobs.set(id, doneJob({ id, kind, rental, at }));
    links.add({ kind: 'of-rental', of: rental.id }, id);
    if (kind === 'rotate-ssh-keys') queues.push({ kind: 'over-of-rental', rental: rental.id }, id);
    const text = `log of ${kind} on 203.0.113.7\n`;
    logs.append(id, { offset: 0, bytes: new TextEncoder().encode(text) });
  }
  const card = { ipv4: '203.0.113.7', ipv6: '', sshUser: 'root', sshPort: 22 };
  const host = { hostKeyFingerprint: 'SHA256:x', hostKey: 'ssh-ed25519 AAAA', serviceUrl: '' };
  connections.set(rental.id, { card: { ...card, ...host }, at });
}

function doneJob(given: {
  readonly id: JobId;
  readonly kind: 'provision' | 'rotate-ssh-keys' | 'terminate';
  readonly rental: Rental;
  readonly at: TimestampNs;
}): Job {
  const { id, kind, rental, at } = given;
  return {
    id,
    task: { kind, rentalId: rental.id },
    provider: rental.provider,
    cloudAccountId: rental.cloudAccountId,
    state: { kind: 'done', at },
    epoch: 1,
    reportSeq: 1,
    attempts: 1,
    failures: 0,
    lastProblem: undefined,
    choiceIndex: 0,
    queuedFor: undefined,
    createdAt: at,
    deadlineAt: after(at, durationNs({ minutes: 15 })),
    dueAt: undefined,
  };
}

/** A whole day of which four slots are down and the rest is up, then a day of which nothing is known. */
function giveHealth(c: FakeCanister, rental: Rental, at: TimestampNs): void {
  const { watches, days, statuses } = c.storage.health;
  const watch = newWatch({ provider: rental.provider, at, periodEndAt: at, dueAt: at });
  const day = Math.ceil(watch.fromSlot / SLOTS_PER_DAY);
  const endSlot = (day + 2) * SLOTS_PER_DAY;
  const fromSlot = day * SLOTS_PER_DAY;
  watches.set(rental.id, { ...watch, fromSlot, endSlot, finalSlot: endSlot, dueAt: undefined });
  const slots = new Uint8Array(72);
  slots[0] = 0b01010101;
  days.set([rental.id, day], { slots, up: SLOTS_PER_DAY - 4, down: 4, excluded: 0 });
  statuses.set(rental.id, { flip: undefined, isByPlatform: false, lostAt: undefined });
}
