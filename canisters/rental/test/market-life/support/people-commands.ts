import * as fc from 'fast-check';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { durationNs, type DurationNs } from '@decent-cloud/domain/time.ts';
import type { PowerAction } from '../../../src/core/rentals/rental.ts';
import { validateCloudAccount } from '../../../src/flows/jobs/account-jobs.flow.ts';
import { acceptQuote } from '../../../src/flows/rentals/accept-quote.flow.ts';
import {
  cancelRental,
  operatorCancelRental,
  providerCancelRental,
} from '../../../src/flows/rentals/cancel-rental.flow.ts';
import {
  rotateSshKeys,
  setPower,
  skipVersion,
} from '../../../src/flows/rentals/operate-rental.flow.ts';
import { quoteExtension } from '../../../src/flows/rentals/quote-extension.flow.ts';
import { quoteRental, type RentInput } from '../../../src/flows/rentals/quote-rental.flow.ts';
import { upgradeRecipe } from '../../../src/flows/rentals/upgrade-recipe.flow.ts';
import { ageSealed, asPerson } from '../../../src/testing/accounts.fake.ts';
import { sshLine } from '../../../src/testing/rentals.fake.ts';
import { FAKE_LEDGER } from '../../../src/testing/treasury-terms.fake.ts';
import { named, NO_INPUTS, pick, storyOf, times } from './command.ts';
import { OPERATOR, RENTERS, type MarketWorld } from './market-world.ts';
import type { Story } from './market-rules.ts';

const MUCH = (10n ** 18n) as TokenUnits;

const termNs = fc.constantFrom(1, 2, 6, 30, 50).map((hours) => durationNs({ hours }));
const who = fc.constantFrom(...RENTERS);

interface RentWish {
  readonly by: string;
  readonly offer: number;
  readonly choiceIndex: number;
  readonly termNs: DurationNs;
  readonly withSecret: boolean;
}

const rentWish: fc.Arbitrary<RentWish> = fc.record({
  by: who,
  offer: fc.constantFrom(0, 1, 1, 2),
  choiceIndex: fc.nat(1),
  termNs,
  withSecret: fc.boolean(),
});

export function inputOf(world: MarketWorld, wish: RentWish): RentInput {
  const hasRecipe = wish.offer === 1;
  const hasSecret = hasRecipe && wish.withSecret;
  return {
    offeringId: present(world.offers[wish.offer], 'an offer of the world'),
    choiceIndex: hasRecipe ? 0 : wish.choiceIndex,
    termNs: wish.termNs,
    ledger: FAKE_LEDGER,
    inputs: hasSecret ? { values: [], secretNames: ['TOKEN'] } : NO_INPUTS,
    sshKeys: [sshLine(1)],
    sealedSecrets: hasSecret ? ageSealed('a secret') : undefined,
  };
}

type Reception = 'well' | 'refused' | 'before' | 'after' | 'held' | 'silent';

/** How the treasury takes a call. */
const reception = fc.constantFrom<Reception>(
  'well',
  'well',
  'well',
  'well',
  'well',
  'well',
  'refused',
  'before',
  'after',
  'held',
  'silent',
);

/** As it mostly goes: quoted and paid at once, and often made at once too. */
const rentAndWork = fc.tuple(
  rentWish,
  reception,
  fc.constantFrom('no', 'claimed', 'begun', 'yes', 'yes', 'yes', 'told'),
);

const rent = named('rent', rentAndWork, async (world, [wish, how, work]) => {
  const { c } = world;
  world.catalogueIsRead();
  await world.begin(() => quoteRental(c, inputOf(world, wish)), wish.by);
  const story = [...world.rules.stories.values()].at(-1);
  if (story?.stage !== 'quoted' || payerOf(world, story) !== wish.by) return;
  await pay(world, story, how);
  if (work === 'claimed' || work === 'begun') world.allBegin(work === 'begun' ? 1 : 0);
  if (work === 'yes' || work === 'told') world.allWork();
  if (work === 'told') await world.tick();
});

async function withTreasury(world: MarketWorld, how: Reception, act: () => Promise<void>) {
  const { treasury } = world;
  if (how === 'before' || how === 'after' || how === 'held') treasury.failing = how;
  if (how === 'silent') treasury.books.ledger = 'is-silent';
  if (how === 'refused') {
    const leaf = { kind: 'insufficient-allowance', needed: MUCH } as const;
    treasury.refusals.deposit = { kind: 'request', leaf, message: 'approve first' };
    treasury.refusals.quote = { kind: 'request', leaf: { kind: 'token-disabled' }, message: 'no' };
  }
  await act();
  treasury.failing = undefined;
  treasury.books.ledger = 'pays';
  delete treasury.refusals.deposit;
  delete treasury.refusals.quote;
}

/** The renter accepts the newest quote. */
export async function pay(world: MarketWorld, story: Story, how: Reception): Promise<void> {
  const acceptance = { rentalId: story.id, maxAmount: MUCH, fromSubaccount: undefined };
  await withTreasury(world, how, () =>
    world.begin(() => acceptQuote(world.c, acceptance), payerOf(world, story)),
  );
}

function payerOf(world: MarketWorld, { last }: Story): string {
  return present(world.nameOf(last.renter), 'a renter of the world');
}

const quote = named(
  'quote',
  fc.tuple(
    rentWish,
    fc.constantFrom(true, true, true, true, false),
    fc.constantFrom<Reception>('well', 'well', 'well', 'refused', 'before', 'after', 'held'),
  ),
  async (world, [wish, isFresh, how]) => {
    if (isFresh) world.catalogueIsRead();
    await withTreasury(world, how, () =>
      world.begin(() => quoteRental(world.c, inputOf(world, wish)), wish.by),
    );
  },
);

const accept = named('accept', fc.record({ pick, how: reception }), async (world, wish) => {
  const story =
    storyOf(world, wish.pick, ['quoted', 'awaiting-payment']) ??
    storyOf(world, wish.pick, ['active']);
  if (story === undefined) return;
  await pay(world, story, wish.how);
});

/**
 * The payer pays a quote at the treasury, and the canister does not hear of it. Only one that they were
 * told of: what is paid besides, the treasury gives back by its own deadline.
 */
const payDirectly = named(
  'payDirectly',
  fc.record({ pick, isSilent: fc.boolean() }),
  (world, wish) => {
    const story = storyOf(world, wish.pick);
    if (story === undefined) return;
    const { books } = world.treasury;
    const told = story.last.periods.map(({ escrowId }) => escrowId);
    const last = world
      .escrowsOf(story.id)
      .findLast(({ id, phase }) => told.includes(id) && phase.kind === 'quoted');
    if (last === undefined) return;
    if (wish.isSilent) books.ledger = 'is-silent';
    books.deposit({ escrowId: last.id, maxAmount: MUCH, fromSubaccount: undefined });
    books.ledger = 'pays';
  },
);

const ledgerDecides = named('ledgerDecides', fc.boolean(), (world, isPaid) => {
  const { books } = world.treasury;
  const open = books.escrows().find(({ phase }) => phase.kind === 'depositing');
  if (open === undefined) return;
  if (isPaid) books.confirmDeposit(open.id);
  else books.failDeposit(open.id);
});

const by = fc.constantFrom<'renter' | 'provider' | 'operator'>(
  'renter',
  'renter',
  'provider',
  'operator',
);

const cancel = named('cancel', fc.record({ pick, by, isServed: fc.boolean() }), (world, wish) => {
  const story = storyOf(world, wish.pick);
  if (story === undefined) return;
  const { c } = world;
  const end = {
    renter: () => asPerson(c, payerOf(world, story), () => cancelRental(c, story.id)),
    provider: () => {
      const seller = present(world.nameOf(story.last.provider), 'a seller of the world');
      return asPerson(c, seller, () => providerCancelRental(c, story.id));
    },
    operator: () => asPerson(c, OPERATOR, () => operatorCancelRental(c, story.id)),
  };
  const ended = end[wish.by]();
  if (ended.kind === 'ok') world.rules.cancelled(story);
  if (wish.isServed) world.allBegin(1);
});

const extend = named(
  'extend',
  fc.record({ pick, termNs, how: fc.constantFrom<Reception>('well', 'well', 'held', 'after') }),
  async (world, wish) => {
    const story = storyOf(world, wish.pick, ['active']);
    if (story === undefined) return;
    const asked = { rentalId: story.id, termNs: wish.termNs };
    await withTreasury(world, wish.how, () =>
      world.begin(() => quoteExtension(world.c, asked), payerOf(world, story)),
    );
  },
);

/** As it mostly goes: asked for and paid at once. */
const extendAndPay = named(
  'extendAndPay',
  fc.tuple(pick, termNs),
  async (world, [index, length]) => {
    const story = storyOf(world, index, ['active']);
    if (story === undefined) return;
    const asked = { rentalId: story.id, termNs: length };
    await world.begin(() => quoteExtension(world.c, asked), payerOf(world, story));
    await pay(world, story, 'well');
  },
);

const operation = fc.constantFrom<PowerAction | 'rotate' | 'skip'>(
  'on',
  'off',
  'reboot',
  'rotate',
  'skip',
);

const operate = named(
  'operate',
  fc.record({ pick, operation, number: fc.nat(4) }),
  (world, wish) => {
    const story = storyOf(world, wish.pick, ['active']);
    if (story === undefined) return;
    const { c } = world;
    const { number } = wish;
    const rentalId = story.id;
    asPerson(c, payerOf(world, story), () => {
      switch (wish.operation) {
        case 'rotate':
          return rotateSshKeys(c, { rentalId, sshKeys: [sshLine(number)] });
        case 'skip':
          return skipVersion(c, { rentalId, number });
        default:
          return setPower(c, { rentalId, action: wish.operation });
      }
    });
  },
);

const upgradeOne = named(
  'upgradeRecipe',
  fc.record({ pick, to: fc.integer({ min: 1, max: 3 }), withSecret: fc.boolean() }),
  (world, { pick: index, to, withSecret }) => {
    const story = storyOf(world, index, ['active'], ({ last }) => last.deployment !== undefined);
    if (story === undefined) return;
    const inputs = withSecret ? { values: [], secretNames: ['TOKEN'] } : NO_INPUTS;
    const sealedSecrets = withSecret ? ageSealed('another secret') : undefined;
    const asked = { rentalId: story.id, to, inputs, sealedSecrets };
    asPerson(world.c, payerOf(world, story), () => upgradeRecipe(world.c, asked));
  },
);

/** Decided by the parties or the operator at the treasury, which ends what is paid. */
const dispute = named('dispute', fc.record({ pick, isDecided: fc.boolean() }), (world, wish) => {
  const story = storyOf(world, wish.pick, ['active']);
  if (story === undefined) return;
  const { books } = world.treasury;
  const running = world.escrowsOf(story.id).find(({ phase }) => phase.kind === 'running');
  if (running === undefined) return;
  if (wish.isDecided) books.end(running.id, { at: world.now, cause: 'dispute-decided' });
  else books.escrow(running.id).isDisputed = true;
});

const validate = named('validate', fc.nat(1), (world, which) => {
  const seller = present(world.sellers[which], 'a seller of the world');
  asPerson(world.c, seller.name, () => validateCloudAccount(world.c, seller.accountId));
});

const seconds = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(29, 30, 31, 61));
const pass = named('pass', seconds, (world, time) => world.pass(durationNs({ seconds: time }), 3));
const passLong = named(
  'passLong',
  fc.constantFrom(3, 11, 29, 31, 65, 400, 1_500, 3_000, 46_000),
  (world, minutes) => world.pass(durationNs({ minutes }), 8),
);
/** The canister stood still: nothing of this time was looked at when it was due. */
const jump = named('jump', fc.constantFrom(1, 40, 500, 4_000), (world, minutes) => {
  world.jump(durationNs({ minutes }));
});

/** What the treasury says is old when it arrives. */
const slowAnswers = named('slowAnswers', fc.constant(null), async (world) => {
  world.treasury.failing = 'held';
  await world.tick();
  world.treasury.failing = undefined;
});
const deafTreasury = named(
  'deafTreasury',
  fc.constantFrom<'before' | 'after'>('before', 'after'),
  async (world, how) => {
    world.treasury.failing = how;
    await world.pass(durationNs({ minutes: 3 }), 3);
    world.treasury.failing = undefined;
  },
);
const answersArrive = named('answersArrive', fc.constant(null), (world) => world.answersArrive());
const archiveFails = named(
  'archiveFails',
  fc.constantFrom<MarketWorld['archive']['failing']>(
    'before',
    'after',
    'refused',
    'damaged',
    undefined,
  ),
  (world, how) => {
    world.archive.failing = how;
  },
);
const upgrade = named('upgrade', fc.constant(null), (world) => world.upgrade());

/** What renters, the operator, the treasury and the clock do. */
export const PEOPLE = [
  ...times(14, rent),
  ...times(2, quote),
  ...times(3, accept),
  ...times(2, payDirectly),
  ...times(2, ledgerDecides),
  ...times(6, cancel),
  ...times(2, extend),
  ...times(4, extendAndPay),
  ...times(4, operate),
  ...times(5, upgradeOne),
  ...times(4, dispute),
  ...times(2, validate),
  ...times(5, pass),
  ...times(3, passLong),
  ...times(2, jump),
  ...times(2, slowAnswers),
  deafTreasury,
  ...times(3, answersArrive),
  archiveFails,
  ...times(2, upgrade),
];
