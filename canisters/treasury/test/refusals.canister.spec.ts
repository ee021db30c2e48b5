import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import * as fixture from './support/treasury-world.ts';
import { depositOf, escrowOf, okOf, treasuryWorld } from './support/treasury-world.ts';

const { AMOUNT, DAY_NS, FEE, LEDGER, MINUTE_NS, OTHER_LEDGER, PAYER, PROVIDER } = fixture;
const { RENTAL, STRANGER, terms } = fixture;
const ANONYMOUS = Principal.anonymous();
const LEAVES = ['RequestError', 'TemporaryError', 'InternalError'] as const;

interface Refused {
  readonly arm: string;
  readonly leaf: unknown;
  readonly message: string;
}

/** The arm, reason and words of a refusal. */
function refusalOf(result: object): Refused {
  if (!('Err' in result)) throw new Error('was not refused');
  const { kind, message } = result.Err as { kind: Record<string, [unknown]>; message: string };
  const arm = LEAVES.find((name) => kind[name] !== undefined) ?? 'none';
  return { arm, leaf: kind[arm]?.[0], message };
}

describe('quote', () => {
  it.each([
    { who: 'anonymous', caller: ANONYMOUS, leaf: 'NotAuthenticated' },
    { who: 'the payer', caller: PAYER, leaf: 'NotAllowed' },
    { who: 'a controller', caller: fixture.CONTROLLER, leaf: 'NotAllowed' },
  ])('is refused to $who', ({ caller, leaf }) => {
    const { as } = treasuryWorld();
    expect(refusalOf(as(caller).quote(terms)).leaf).toEqual({ [leaf]: null });
  });

  it.each([
    { change: { draft_hash: new Uint8Array(31) }, argument: 'draft_hash' },
    { change: { payer: ANONYMOUS }, argument: 'payer' },
    { change: { total_usd_e8: 0n }, argument: 'total_usd_e8' },
    { change: { total_usd_e8: 1_000n }, argument: 'total_usd_e8' },
    { change: { term_ns: 1n }, argument: 'term_ns' },
    { change: { split: { platform_bps: 0, author_bps: 500 } }, argument: 'split' },
    { change: { split: { platform_bps: 300, author_bps: 10_001 } }, argument: 'split' },
    { change: { author: [] as [] }, argument: 'author' },
    { change: { rental_id: 2n ** 60n }, argument: 'rental_id' },
    { change: { provider_penalty_bps: 20_000 }, argument: 'provider_penalty_bps' },
    {
      change: { sla_credits: Array<fixture.SlaRow>(6).fill({ below_ppm: 1, credit_bps: 1 }) },
      argument: 'sla_credits',
    },
  ])('names the wrong argument $argument', ({ change, argument }) => {
    const { as } = treasuryWorld();
    const { arm, leaf } = refusalOf(as(RENTAL).quote({ ...terms, ...change }));
    expect({ arm, leaf }).toEqual({
      arm: 'RequestError',
      leaf: { InvalidArgument: { argument } },
    });
  });

  it('needs a token that is known, enabled and priced', () => {
    const { as, prices } = treasuryWorld();
    const unknown = { ...terms, ledger: fixture.NO_LEDGER };
    expect(refusalOf(as(RENTAL).quote(unknown)).leaf).toEqual({ UnknownToken: null });
    prices.prices.set(LEDGER.toText(), { kind: 'no-price', reason: 'all sources are silent' });
    const noPrice = refusalOf(as(RENTAL).quote(terms));
    expect(noPrice).toMatchObject({
      arm: 'TemporaryError',
      leaf: { NoPrice: { reason: 'all sources are silent', last_good_at_ns: [{}] } },
    });
    expect(noPrice.message).toContain('Nothing was taken');
    prices.isDead = true;
    expect(refusalOf(as(RENTAL).quote(terms)).leaf).toMatchObject({ NoPrice: {} });
    const { Ok: token } = as(STRANGER).get_token(LEDGER) as { Ok: fixture.Token };
    okOf(as(fixture.CONTROLLER).set_token({ ...token, is_enabled: false }));
    expect(refusalOf(as(RENTAL).quote(terms)).leaf).toEqual({ TokenDisabled: null });
  });

  it('replaces the quote before, until somebody pays', () => {
    const treasury = treasuryWorld();
    const { as } = treasury;
    const [first, second] = [fixture.quoteFor(treasury), fixture.quoteFor(treasury)];
    expect(escrowOf(treasury, first.id).phase).toHaveProperty('Lapsed');
    fixture.approve(treasury, AMOUNT + FEE);
    expect(refusalOf(as(PAYER).deposit(depositOf(first.id))).leaf).toEqual({
      QuoteSuperseded: null,
    });
    okOf(as(PAYER).deposit(depositOf(second.id)));
  });
});

describe('deposit', () => {
  const quoted = () => {
    const treasury = treasuryWorld();
    return { ...treasury, treasury, quote: fixture.quoteFor(treasury) };
  };

  it.each([
    { who: 'anonymous', caller: ANONYMOUS, leaf: 'NotAuthenticated' },
    { who: 'a stranger', caller: STRANGER, leaf: 'NotAllowed' },
    { who: 'a controller', caller: fixture.CONTROLLER, leaf: 'NotAllowed' },
  ])('is refused to $who', ({ caller, leaf }) => {
    const { as, quote } = quoted();
    expect(refusalOf(as(caller).deposit(depositOf(quote.id))).leaf).toEqual({ [leaf]: null });
  });

  it('is taken from the rental canister, out of the payer’s account', () => {
    const { as, quote, treasury, ledger } = quoted();
    fixture.approve(treasury, AMOUNT + FEE);
    const before = ledger.balanceOf(accountOf(PAYER));
    okOf(as(RENTAL).deposit(depositOf(quote.id)));
    expect(before - ledger.balanceOf(accountOf(PAYER))).toBe(AMOUNT + FEE);
  });

  it('says what is missing, takes nothing, and works when it is there', () => {
    const { as, quote, treasury, ledger } = quoted();
    const pay = () => as(PAYER).deposit(depositOf(quote.id));
    const before = ledger.balanceOf(accountOf(PAYER));
    expect(refusalOf(pay()).leaf).toEqual({ InsufficientAllowance: { needed: AMOUNT + FEE } });
    expect(ledger.balanceOf(accountOf(PAYER))).toBe(before);
    expect(escrowOf(treasury, quote.id).phase).toHaveProperty('Quoted');
    fixture.approve(treasury, AMOUNT + FEE);
    const left = 1_000n;
    const away = { to: accountOf(STRANGER), amount: before - 2n * FEE - left };
    expect(ledger.transfer(PAYER, away)).toHaveProperty('Ok');
    expect(refusalOf(pay()).leaf).toEqual({ InsufficientFunds: { balance: left } });
    ledger.mint({ to: accountOf(PAYER), amount: AMOUNT + FEE });
    okOf(pay());
    expect(refusalOf(pay()).leaf).toEqual({ QuoteUsed: null });
    fixture.expectSound(treasury, quote.id);
  });

  it('gives a quote up after ten attempts', () => {
    const { as, quote, treasury } = quoted();
    const pay = () => refusalOf(as(PAYER).deposit(depositOf(quote.id))).leaf;
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect(pay()).toHaveProperty('InsufficientAllowance');
    }
    expect(pay()).toEqual({ TooManyAttempts: null });
    fixture.expectSound(treasury, quote.id);
  });

  it('holds to the limits that payer and quote set', () => {
    const { as, quote, world } = quoted();
    const { leaf } = refusalOf(as(PAYER).deposit(depositOf(quote.id, AMOUNT - 1n)));
    expect(leaf).toEqual({ AmountAboveMax: { amount: AMOUNT } });
    const odd = { ...depositOf(quote.id), from_subaccount: [new Uint8Array(31)] as [Uint8Array] };
    expect(refusalOf(as(PAYER).deposit(odd)).leaf).toEqual({
      InvalidArgument: { argument: 'from_subaccount' },
    });
    expect(refusalOf(as(PAYER).deposit(depositOf(99n))).leaf).toEqual({ NotFound: null });
    world.advance(10n * MINUTE_NS);
    const late = refusalOf(as(PAYER).deposit(depositOf(quote.id)));
    expect(late.message).toContain('Ask for a new quote');
  });

  it('is refused when the token lost more than 3 % since the quote', () => {
    const { as, quote, treasury, prices, world } = quoted();
    fixture.approve(treasury, AMOUNT + FEE);
    world.advance(MINUTE_NS);
    prices.prices.set(LEDGER.toText(), { kind: 'price', usdE8: 96_900_000n });
    expect(refusalOf(as(PAYER).deposit(depositOf(quote.id))).leaf).toEqual({ PriceMoved: null });
    world.advance(MINUTE_NS);
    prices.prices.set(LEDGER.toText(), { kind: 'price', usdE8: 97_100_000n });
    okOf(as(PAYER).deposit(depositOf(quote.id)));
  });

  it('is refused above what a token’s market bears in an hour, and names others', () => {
    const { as, quote, treasury, prices, world } = quoted();
    fixture.quoteFor(treasury, { rental_id: 8n, ledger: OTHER_LEDGER });
    fixture.approve(treasury, 3n * (AMOUNT + FEE));
    world.advance(MINUTE_NS);
    const capUsdE8 = 4_000_000_000n;
    prices.prices.set(LEDGER.toText(), { kind: 'price', usdE8: 100_000_000n, capUsdE8 });
    okOf(as(PAYER).deposit(depositOf(quote.id)));
    const next = fixture.quoteFor(treasury, { rental_id: 9n });
    const { arm, leaf, message } = refusalOf(as(PAYER).deposit(depositOf(next.id)));
    expect({ arm, leaf }).toMatchObject({
      arm: 'TemporaryError',
      leaf: { ExposureExceeded: { offer: [{}] } },
    });
    expect(message).toContain('Pay in ckUSDT');
    world.advance(61n * MINUTE_NS);
    const later = fixture.quoteFor(treasury, { rental_id: 9n });
    okOf(as(PAYER).deposit(depositOf(later.id)));
  });

  it('waits for what nobody knows and never charges twice', () => {
    const { as, quote, treasury, ledger, world } = quoted();
    fixture.approve(treasury, 2n * (AMOUNT + FEE));
    ledger.faults.next('icrc2_transfer_from', { kind: 'lost-reply' });
    const before = ledger.balanceOf(accountOf(PAYER));
    const pay = () => refusalOf(as(PAYER).deposit(depositOf(quote.id)));
    expect(pay()).toMatchObject({ arm: 'TemporaryError', leaf: { PaymentPending: {} } });
    expect(pay()).toMatchObject({ arm: 'TemporaryError', leaf: { PaymentPending: {} } });
    expect(refusalOf(as(RENTAL).quote(terms)).leaf).toMatchObject({ PaymentPending: {} });
    world.advance(MINUTE_NS);
    expect(escrowOf(treasury, quote.id).phase).toHaveProperty('Funded');
    expect(before - ledger.balanceOf(accountOf(PAYER))).toBe(AMOUNT + FEE);
    fixture.expectSound(treasury, quote.id);
  });
});

describe('facts and disputes', () => {
  const fact = (id: bigint, seq: bigint, atNs: bigint) => ({
    escrow_id: id,
    seq,
    fact: { Started: { at_ns: atNs } },
  });

  it.each([
    { who: 'anonymous', caller: ANONYMOUS, leaf: 'NotAuthenticated' },
    { who: 'the payer', caller: PAYER, leaf: 'NotAllowed' },
    { who: 'the provider', caller: PROVIDER, leaf: 'NotAllowed' },
    { who: 'a controller', caller: fixture.CONTROLLER, leaf: 'NotAllowed' },
  ])('lets not $who report', ({ caller, leaf }) => {
    const treasury = treasuryWorld();
    const id = fixture.paidEscrow(treasury);
    const facts = [fact(id, 1n, treasury.world.timeNs)];
    const [answer] = okOf(treasury.as(caller).report_facts(facts));
    expect(refusalOf(answer ?? {}).leaf).toEqual({ [leaf]: null });
    expect(escrowOf(treasury, id).fact_seq).toBe(0n);
  });

  it('answers each fact of a batch for itself', () => {
    const treasury = treasuryWorld();
    const { as, world } = treasury;
    const quoted = fixture.quoteFor(treasury, { rental_id: 8n });
    const id = fixture.paidEscrow(treasury);
    const now = world.timeNs;
    const answers = okOf(
      as(RENTAL).report_facts([
        fact(99n, 1n, now),
        fact(quoted.id, 1n, now),
        fact(id, 2n, now),
        fact(id, 1n, now + DAY_NS),
        fact(id, 1n, now),
        { escrow_id: id, seq: 2n, fact: { Resumed: { at_ns: now } } },
      ]),
    );
    const seen = answers.map((one) => ('Ok' in one ? one.Ok : refusalOf(one).leaf));
    expect(seen).toMatchObject([
      { NotFound: null },
      { WrongPhase: { phase: 'quoted' } },
      { OutOfOrder: { expected: 1n } },
      { InvalidFact: { rule: 'a fact is not in the future' } },
      { is_duplicate: false },
      { InvalidFact: { rule: 'it is not paused' } },
    ]);
    const many = Array.from({ length: 51 }, () => fact(id, 1n, now));
    expect(refusalOf(as(RENTAL).report_facts(many)).leaf).toEqual({
      InvalidArgument: { argument: 'facts' },
    });
  });

  it('keeps disputes to their parties', () => {
    const treasury = treasuryWorld();
    const { as } = treasury;
    const id = fixture.runningEscrow(treasury);
    const complaint = { escrow_id: id, reason: 'why not' };
    const part = { escrow_id: id, payer_part: 1n };
    for (const who of [STRANGER, RENTAL, fixture.CONTROLLER, fixture.ARBITER]) {
      expect(refusalOf(as(who).open_dispute(complaint)).leaf).toEqual({ NotAllowed: null });
    }
    expect(refusalOf(as(PAYER).agree_split(part)).leaf).toEqual({
      WrongPhase: { phase: 'running' },
    });
    okOf(as(PAYER).open_dispute(complaint));
    expect(refusalOf(as(PROVIDER).open_dispute(complaint)).leaf).toHaveProperty('WrongPhase');
    for (const who of [PAYER, PROVIDER, fixture.CONTROLLER, ANONYMOUS]) {
      expect(refusalOf(as(who).decide_dispute(part)).arm).toBe('RequestError');
    }
    const tooMuch = { escrow_id: id, payer_part: AMOUNT + 1n };
    expect(refusalOf(as(fixture.ARBITER).decide_dispute(tooMuch)).leaf).toEqual({
      InvalidArgument: { argument: 'payer_part' },
    });
    expect(escrowOf(treasury, id).held).toBe(AMOUNT);
  });
});
