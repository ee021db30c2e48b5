import { describe, expect, it } from 'vitest';
import { durationNs, timestampNs, type DurationNs } from '@decent-cloud/domain/time.ts';
import { DAY, HOUR, lasting, START, units, who } from '../../testing/escrow-terms.fake.ts';
import { EscrowWorld } from '../../testing/escrow-world.fake.ts';
import { agreeDispute, decideDispute, openDispute } from './disputes.ts';
import { earnedOf, undecidedOf } from './party-book.ts';

function running(forNs: DurationNs): EscrowWorld {
  const world = new EscrowWorld().start();
  world.runUntil(START + forNs);
  return world;
}

function ask(world: EscrowWorld, caller = who.payer) {
  const { quote, escrow, now } = world;
  return { quote, escrow, now, caller };
}

function open(world: EscrowWorld, caller = who.payer): EscrowWorld {
  const opened = openDispute({ ...ask(world, caller), reason: 'it does not answer' });
  if (opened.kind === 'err') throw new Error(opened.error.kind);
  world.record(opened.value);
  return world;
}

describe('openDispute', () => {
  it('freezes what nobody was credited, for 14 days', () => {
    const world = open(running(lasting(10n * DAY)), who.provider);
    expect(world.escrow.dispute).toEqual({
      openedAt: world.now,
      openedBy: 'provider',
      deadlineAt: world.now + durationNs({ days: 14 }),
      frozen: world.quote.amount - earnedOf(world.escrow),
      payerAgrees: undefined,
      providerAgrees: undefined,
    });
    expect(earnedOf(world.escrow)).toBe(1_999_999_999n);
  });

  it.each([
    ['a stranger', who.stranger, 'x', 'not-allowed'],
    ['the arbiter', who.arbiter, 'x', 'not-allowed'],
    ['no reason', who.payer, ' ', 'invalid-argument'],
    ['a novel', who.payer, 'x'.repeat(501), 'invalid-argument'],
  ])('refuses %s', (_, caller, reason, kind) => {
    const refused = openDispute({ ...ask(running(DAY), caller), reason });
    expect(refused).toMatchObject({ error: { kind } });
  });

  it('cannot hold up the refund of a rental that never started', () => {
    const world = new EscrowWorld();
    world.deposit();
    expect(openDispute({ ...ask(world, who.provider), reason: 'x' })).toMatchObject({
      error: { kind: 'not-disputable' },
    });
  });

  it('refuses what is not paid, disputed already, or decided', () => {
    const reason = 'x';
    const unpaid = new EscrowWorld();
    expect(openDispute({ ...ask(unpaid), reason })).toMatchObject({
      error: { kind: 'not-disputable' },
    });
    expect(openDispute({ ...ask(open(running(DAY))), reason })).toMatchObject({
      error: { kind: 'dispute-open' },
    });
    expect(openDispute({ ...ask(running(lasting(40n * DAY))), reason })).toMatchObject({
      error: { kind: 'not-disputable' },
    });
  });

  it('stops releases, but not what was credited before', () => {
    const world = open(running(lasting(10n * DAY)));
    const earned = earnedOf(world.escrow);
    world.runUntil(world.now + 5n * DAY);
    expect(earnedOf(world.escrow)).toBe(earned);
    expect(world.escrow.books.provider.paid).toBe(world.escrow.books.provider.credited);
  });

  it('lets the rental end meanwhile without crediting anything', () => {
    const world = open(running(lasting(10n * DAY)));
    const frozen = undecidedOf(world.escrow);
    world.fact({ kind: 'ended', at: world.now, cause: 'renter-cancelled' });
    expect(world.escrow.phase).toMatchObject({ kind: 'ended', isFinal: false });
    expect(undecidedOf(world.escrow)).toBe(frozen);
    expect(world.escrow.dueAt).toBe(world.escrow.dispute?.deadlineAt);
  });
});

describe('decideDispute', () => {
  it.each([0n, 1n, 4_000_000_000n, 8_000_000_001n])(
    'gives the payer %s of what is frozen',
    (part) => {
      const world = open(running(lasting(10n * DAY)));
      expect(world.escrow.dispute?.frozen).toBe(8_000_000_001n);
      const decided = decideDispute({ ...ask(world, who.arbiter), payerPart: units(part) });
      if (decided.kind === 'ok') world.record(decided.value);
      world.tick();
      expect(world.escrow.books.payer.credited).toBe(part);
      expect(earnedOf(world.escrow)).toBe(10_000_000_000n - part);
      expect(world.escrow.phase.kind).toBe('closed');
    },
  );

  it.each([
    ['anybody but the arbiter', who.payer, 0n, 'not-allowed'],
    ['more than is frozen', who.arbiter, 8_000_000_002n, 'invalid-argument'],
  ])('refuses %s', (_, caller, part, kind) => {
    const world = open(running(lasting(10n * DAY)));
    const refused = decideDispute({ ...ask(world, caller), payerPart: units(part) });
    expect(refused).toMatchObject({ error: { kind } });
  });

  it('refuses where there is no dispute', () => {
    const refused = decideDispute({ ...ask(running(DAY), who.arbiter), payerPart: units(0n) });
    expect(refused).toEqual({ kind: 'err', error: { kind: 'no-dispute' } });
  });

  it('ends a rental that runs, and keeps the end of one that ended', () => {
    const world = open(running(lasting(10n * DAY)));
    const endAt = world.now;
    world.fact({ kind: 'ended', at: endAt, cause: 'renter-cancelled' });
    world.wait(DAY);
    const decided = decideDispute({ ...ask(world, who.arbiter), payerPart: units(0n) });
    expect(decided).toMatchObject({ value: { how: 'arbiter', endAt } });
  });
});

describe('agreeDispute', () => {
  it('decides when both sides said the same, whoever was first', () => {
    const world = open(running(lasting(10n * DAY)));
    const say = (caller: typeof who.payer, part: bigint) => {
      const said = agreeDispute({ ...ask(world, caller), payerPart: units(part) });
      if (said.kind === 'ok') said.value.forEach((event) => world.record(event));
      return said.kind === 'ok' ? said.value.map((event) => event.kind) : said.error.kind;
    };
    expect(say(who.payer, 5n)).toEqual(['dispute-agreed']);
    expect(say(who.provider, 4n)).toEqual(['dispute-agreed']);
    expect(say(who.stranger, 4n)).toBe('not-allowed');
    expect(say(who.payer, 9_000_000_000n)).toBe('invalid-argument');
    expect(say(who.payer, 4n)).toEqual(['dispute-agreed', 'dispute-decided']);
    expect(say(who.payer, 4n)).toBe('no-dispute');
    expect(world.escrow.books.payer.credited).toBe(4n);
  });
});

describe('a dispute that nobody decides', () => {
  it('is decided by the reported facts until the deadline', () => {
    const world = open(running(lasting(10n * DAY)));
    world.runUntil(world.now + durationNs({ days: 14 }));
    // 24 of 30 days.
    expect(world.escrow.phase).toMatchObject({ kind: 'closed', cause: 'dispute-decided' });
    expect(earnedOf(world.escrow)).toBe(8_000_000_000n);
    expect(world.escrow.books.payer.credited).toBe(2_000_000_000n);
  });

  it('is decided until the end that was reported, with notice, penalty and uptime as ever', () => {
    const world = open(running(lasting(15n * DAY)));
    world.fact({ kind: 'ended', at: world.now, cause: 'provider-cancelled' });
    world.runUntil(world.now + durationNs({ days: 14 }));
    expect(world.escrow.books.payer.credited).toBe(5_500_000_000n);
  });

  it('takes no fact from after its deadline', () => {
    const world = open(running(lasting(10n * DAY)));
    world.now = timestampNs(START + 24n * DAY + HOUR);
    const fact = { kind: 'outage', from: timestampNs(START + 24n * DAY), to: world.now } as const;
    expect(world.fact(fact)).toMatchObject({ refusal: { rule: 'the dispute was over' } });
  });
});
