import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { OPERATOR } from '@decent-cloud/localnet/testing/world.ts';
import { isQuery } from '@decent-cloud/localnet/testing/sync-actor.ts';
import { idlFactory } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { ageRecipientOf, ageSealed } from '../../src/testing/accounts.fake.ts';
import { sshLine } from '../../src/testing/rentals.fake.ts';
import * as busy from './busy-market.ts';
import type { BusyMarket } from './busy-market.ts';
import type { FuzzTarget } from './fuzz-calls.ts';
import type { FuzzWords } from './fuzz-values.arbitrary.ts';
import { AUTHOR, BRIDGE, RENTER, SELLER } from './market.ts';
import { HONEST, methodCalls, RIVALS, type MethodCalls, type People } from './method-calls.ts';
import {
  DAY_NS,
  HOUR_NS,
  LEDGER,
  MINUTE_NS,
  SECOND_NS,
  STRANGER,
  type RentalWorld,
} from './rental-world.ts';

const METHODS = idlFactory({ IDL })._fields;
const namesOf = (wanted: boolean): string[] =>
  METHODS.filter(([, func]) => isQuery(func) === wanted).map(([name]) => name);
export const QUERIES: readonly string[] = namesOf(true);
export const UPDATES: readonly string[] = namesOf(false);

/** Nobody of them may do anything to what the seller, the renter or the author have. */
const HOSTILE: readonly Principal[] = [
  ...busy.RIVAL_LOGINS,
  ...[busy.RIVAL, busy.RIVAL, busy.RIVAL_BRIDGE, busy.RIVAL_BRIDGE],
  ...[busy.NEWCOMER, busy.REVOKED, busy.EXPIRED, STRANGER, busy.ANONYMOUS],
];
const PARTIES = [RENTER, SELLER, AUTHOR, BRIDGE, busy.INVITED, busy.IDLE, OPERATOR];

export function hostileTarget(b: BusyMarket): FuzzTarget {
  const honest = methodCalls(b, b.honest, HONEST);
  const byRival = Object.entries(honest).map(([method, call]) => {
    const as = partOf(call.as, RIVALS);
    return [method, { ...call, as }] as const;
  });
  const samples = [methodCalls(b, b.rival, RIVALS), Object.fromEntries(byRival)].map(asRivals);
  return { factory: idlFactory, samples, callers: HOSTILE, words: wordsOf(b) };
}

/** Calls of those who may do nearly everything. */
export function partiesTarget(b: BusyMarket): FuzzTarget {
  const samples = [methodCalls(b, b.honest, HONEST), methodCalls(b, b.rival, RIVALS)];
  return { factory: idlFactory, samples, callers: [...HOSTILE, ...PARTIES], words: wordsOf(b) };
}

type Samples = FuzzTarget['samples'][number];

/** What only others may do, strangers try. */
function asRivals(samples: Samples): Samples {
  const isHostile = (who: Principal) => HOSTILE.some((one) => one.compareTo(who) === 'eq');
  return Object.fromEntries(
    Object.entries(samples).map(([method, call]) => [
      method,
      isHostile(call.as) ? call : { ...call, as: STRANGER },
    ]),
  );
}

function partOf(who: Principal, people: People): Principal {
  const part = Object.entries(HONEST).find(([, one]) => (one as Principal).compareTo(who) === 'eq');
  return part === undefined ? who : people[part[0] as keyof People];
}

function wordsOf(b: BusyMarket): FuzzWords {
  const now = b.r.world.timeNs;
  const trades = [b.honest, b.rival];
  const ids = trades.flatMap((trade) =>
    Object.values(trade).filter((value) => typeof value === 'bigint'),
  );
  const times = [0n, SECOND_NS, MINUTE_NS, HOUR_NS, DAY_NS, 30n * DAY_NS, 366n * DAY_NS];
  return {
    numbers: [
      ...ids,
      ...trades.flatMap(({ jobIds }) => jobIds),
      ...[b.retiredId, b.bareId, b.renterAccount, b.sellerAccount],
      ...times.flatMap((span) => [span, now + span, now - span]),
      ...[2n, 3n, 20n, 21n, 50n, 51n, 80n, 443n, 1_000n, 10_000n, 10_001n, 1_000_000n],
      ...[now / HOUR_NS, now / DAY_NS, 0xffffffn, 1_000_000_000n, 4_096n, 16_384n],
    ],
    texts: [
      ...['ada', 'small', 'cx23', 'fsn1', 'nbg1', 'ubuntu-24.04', 'DE', 'EUR', '3.49', 'web'],
      ...['hello-web', 'other-web', '1.0.0', '1.1.0', '2.0.0-rc.1', '9.9.9', 'PORT', 'NAME'],
      ...['https://example.org', 'ada@example.org', '203.0.113.7', '2001:db8::1', '#!/bin/sh\n'],
      ...[busy.STRAY, 'stray-2', 'dc-test-9'],
      ...['/metrics', '/healthz', 'GET', '{ip}', 'http://{ip}:{PORT}/', '🌍'],
      ...[busy.SCRIPT_SHA256, b.fingerprint, ageRecipientOf('ada'), sshLine(3), sshLine(9)],
    ],
    blobs: [new Uint8Array(32), ageSealed('x'), ageSealed('password')],
    principals: [...[...HOSTILE, ...PARTIES, LEDGER, b.r.rentalId, b.r.treasuryId, b.r.archiveId]],
  };
}

/** Methods whose answers others may change rightly. */
const SHARED = new Set<string>([
  ...['list_recipes', 'list_recipes_by_tag', 'search_offerings', 'list_agent_accounts'],
  // Agents tell about themselves, also those whose grant is over.
  'list_my_agents',
  ...['list_stuck_jobs', 'job_backlog', 'fact_status', 'http_request', 'get_provider_trust'],
]);

/** All that the renter, the seller, the author and the operators can read about their own things. */
export function seenByHonest(b: BusyMarket, r: RentalWorld): Readonly<Record<string, unknown>> {
  const calls: MethodCalls = methodCalls(b, b.honest, HONEST);
  const own = QUERIES.filter((name) => !SHARED.has(name));
  return Object.fromEntries(
    own.map((name) => {
      const { as, args } = calls[name as keyof MethodCalls];
      const actor = r.as(as) as unknown as Readonly<Record<string, (...of: unknown[]) => unknown>>;
      return [name, actor[name]?.(...args)];
    }),
  );
}
