import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { accountText } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import type {
  _SERVICE as Treasury,
  icrc21_consent_message_request as ConsentRequest,
  Icrc21Value,
} from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { idlFactory } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import * as fixture from './support/treasury-world.ts';
import { depositOf, treasuryWorld, type TreasuryWorld } from './support/treasury-world.ts';

const { AMOUNT, DAY_NS, HOUR_NS, MINUTE_NS, PAYER, PROVIDER } = fixture;
const ANONYMOUS = Principal.anonymous();
const NAT64_MAX = 2n ** 64n - 1n;

type Device = ConsentRequest['user_preferences']['device_spec'];
const FIELDS: Device = [{ FieldsDisplay: null }];

const functions = new Map(idlFactory({ IDL })._fields);

/** The bytes that a wallet would send with the call itself. */
function argOf(method: keyof Treasury, ...args: unknown[]): Uint8Array {
  const func = functions.get(method);
  if (func === undefined) throw new Error(`there is no method ${method}`);
  return new Uint8Array(IDL.encode(func.argTypes, args));
}

function ask(
  { as }: TreasuryWorld,
  call: { readonly method: string; readonly arg: Uint8Array },
  options: { readonly device?: Device; readonly offset?: number; readonly who?: Principal } = {},
) {
  const { device = [], offset, who = ANONYMOUS } = options;
  const utc_offset_minutes: [] | [number] = offset === undefined ? [] : [offset];
  return as(who).icrc21_canister_call_consent_message({
    ...call,
    user_preferences: {
      metadata: { language: 'de', utc_offset_minutes },
      device_spec: device,
    },
  });
}

type Answer = ReturnType<typeof ask>;

function markdownOf(answer: Answer): string {
  if (!('Ok' in answer)) throw new Error(JSON.stringify(answer.Err));
  const { consent_message: message } = answer.Ok;
  if (!('GenericDisplayMessage' in message)) throw new Error('not for a generic display');
  return message.GenericDisplayMessage;
}

function fieldsOf(answer: Answer): { intent: string; fields: Map<string, Icrc21Value> } {
  if (!('Ok' in answer)) throw new Error(JSON.stringify(answer.Err));
  const { consent_message: message } = answer.Ok;
  if (!('FieldsDisplayMessage' in message)) throw new Error('not for a display of fields');
  const { intent, fields } = message.FieldsDisplayMessage;
  return { intent, fields: new Map(fields) };
}

const call = (method: keyof Treasury, ...args: unknown[]) => ({
  method,
  arg: argOf(method, ...args),
});

describe('icrc10_supported_standards', () => {
  it('names ICRC-10 and ICRC-21, and not ICRC-28', () => {
    const standards = treasuryWorld().as(ANONYMOUS).icrc10_supported_standards();
    expect(standards.map(({ name }) => name)).toEqual(['ICRC-10', 'ICRC-21']);
    for (const { url } of standards) expect(url).toMatch(/^https:\/\//);
  });
});

describe('icrc21_canister_call_consent_message', () => {
  it('says what a deposit takes, from where, for what, and what comes back', () => {
    const treasury = treasuryWorld();
    const { id } = fixture.quoteFor(treasury);
    const subaccount = new Uint8Array(32).fill(1);
    const request = { ...depositOf(id), from_subaccount: [subaccount] };
    const { intent, fields } = fieldsOf(
      ask(treasury, call('deposit', request), { device: FIELDS }),
    );
    expect(intent).toContain('escrow');
    const decimals = { decimals: 6, symbol: 'ckUSDC' };
    expect(fields.get('You pay')).toEqual({ TokenAmount: { ...decimals, amount: AMOUNT } });
    expect(fields.get('Ledger fee')).toEqual({ TokenAmount: { ...decimals, amount: 10_000n } });
    expect(fields.get('For')).toEqual({ DurationSeconds: { amount: 30n * 86_400n } });
    expect(fields.get('Provider')).toEqual({ Text: { content: PROVIDER.toText() } });
    const from = accountText({ owner: PAYER, subaccount });
    expect(fields.get('From')).toEqual({ Text: { content: from } });
    const endsAt = (treasury.world.timeNs + 10n * MINUTE_NS) / 1_000_000_000n;
    expect(fields.get('Offer ends')).toEqual({ TimestampSeconds: { amount: endsAt } });

    const text = markdownOf(ask(treasury, call('deposit', request)));
    for (const part of ['`30 ckUSDC`', '`0.01 ckUSDC`', '`30 days`', '`1 hour`', from]) {
      expect(text).toContain(part);
    }
    expect(text.startsWith(`# ${intent}\n\n**`)).toBe(true);
  });

  it("shows times in the reader's offset and says which language it speaks", () => {
    const treasury = treasuryWorld();
    const until = treasury.world.timeNs + DAY_NS;
    const shown = new Date(Number(until / 1_000_000n) - 210 * 60_000).toISOString();
    const local = `${shown.slice(0, 10)} ${shown.slice(11, 19)} -03:30`;
    const pause = call('pause_payouts', until);
    const answer = ask(treasury, pause, { offset: -210 });
    expect(markdownOf(answer)).toContain(`\`${local}\``);
    expect(answer).toMatchObject({
      Ok: { metadata: { language: 'en', utc_offset_minutes: [-210] } },
    });
    const fields = fieldsOf(ask(treasury, pause, { offset: -210, device: FIELDS })).fields;
    expect(fields.get('Until')).toEqual({ Text: { content: local } });
    const nowhere = ask(treasury, pause, { offset: 20_000 });
    expect(markdownOf(nowhere)).toContain('+00:00`');
    expect(nowhere).toMatchObject({ Ok: { metadata: { utc_offset_minutes: [] } } });
  });

  it('has a message for each call that a wallet signs, the same for anybody', () => {
    const treasury = treasuryWorld();
    const id = fixture.runningEscrow(treasury);
    treasury.as(PAYER).open_dispute({ escrow_id: id, reason: 'slow' });
    const account = { owner: userPrincipal('cold'), subaccount: [new Uint8Array(32).fill(7)] };
    const text = accountText({ owner: account.owner, subaccount: account.subaccount[0] });
    const cases = [
      { asked: call('open_dispute', { escrow_id: id, reason: 'slow' }), parts: ['`slow`', '`7 '] },
      {
        asked: call('agree_split', { escrow_id: id, payer_part: 10_000_000n }),
        parts: ['`10 ckUSDC`', '`20 ckUSDC`'],
      },
      { asked: call('set_payout_account', account), parts: [`\`${text}\``, '48 hours'] },
      { asked: call('cancel_payout_account_change'), parts: ['Cancel the pending change'] },
      { asked: call('pause_payouts', 5n * DAY_NS), parts: ['`1970-01-06 00:00:00 +00:00`'] },
      { asked: call('resume_payouts'), parts: ['Resume your payouts'] },
    ];
    for (const { asked, parts } of cases) {
      const shown = markdownOf(ask(treasury, asked));
      for (const part of parts) expect(shown).toContain(part);
      expect(markdownOf(ask(treasury, asked, { who: PROVIDER }))).toBe(shown);
      expect(fieldsOf(ask(treasury, asked, { device: FIELDS })).intent).toBe(
        shown.split('\n')[0]?.slice(2),
      );
    }
  });

  it('takes a device that asks for lines for one that asks for nothing', () => {
    const treasury = treasuryWorld();
    const Lines = IDL.Record({ characters_per_line: IDL.Nat16, lines_per_page: IDL.Nat16 });
    const Request = IDL.Record({
      method: IDL.Text,
      arg: IDL.Vec(IDL.Nat8),
      user_preferences: IDL.Record({
        metadata: IDL.Record({ language: IDL.Text }),
        device_spec: IDL.Opt(IDL.Variant({ GenericDisplay: IDL.Null, LineDisplay: Lines })),
      }),
    });
    const Reply = functions.get('icrc21_canister_call_consent_message')?.retTypes ?? [];
    const lines = { characters_per_line: 30, lines_per_page: 3 };
    for (const device of [{ LineDisplay: lines }, { GenericDisplay: null }]) {
      const preferences = { metadata: { language: 'en' }, device_spec: [device] };
      const answer = treasury.world.caller(ANONYMOUS).update({
        canisterId: treasury.treasuryId,
        method: 'icrc21_canister_call_consent_message',
        argTypes: [Request],
        args: [{ ...call('resume_payouts'), user_preferences: preferences }],
        replyTypes: Reply,
      });
      expect(markdownOf(answer as Answer)).toContain('Resume your payouts');
    }
  });

  it('does not let words of a stranger become formatting', () => {
    const treasury = treasuryWorld();
    const id = fixture.runningEscrow(treasury);
    const reason = '`\n\n# Free money\n[click](https://evil) **You pay:** 0 \u202e';
    const text = markdownOf(ask(treasury, call('open_dispute', { escrow_id: id, reason })));
    const line = text.split('\n').find((one) => one.includes('Free money'));
    expect(line).toBe(
      '`\\u{60}\\u{a}\\u{a}# Free money\\u{a}[click](https://evil) **You pay:** 0 \\u{202e}`',
    );
    expect(text.match(/^#/gm)).toHaveLength(1);
  });

  it('writes amounts beyond 64 bits as text', () => {
    const treasury = treasuryWorld();
    const [price] = [{ kind: 'price', usdE8: 1n } as const];
    const { as, prices } = treasury;
    const token = {
      ...{ ledger: fixture.LEDGER, symbol: 'ckUSDC', decimals: 6, fee: 10_000n },
      ...{ min_payout: 1n, has_icrc3_blocks: true, is_enabled: true },
    };
    const huge = { ...token, ledger: fixture.NO_LEDGER, symbol: 'HUGE', decimals: 18 };
    fixture.okOf(as(fixture.CONTROLLER).set_token(huge));
    prices.prices.set(fixture.NO_LEDGER.toText(), price);
    const { id, amount } = fixture.quoteFor(treasury, { ledger: fixture.NO_LEDGER });
    expect(amount).toBeGreaterThan(NAT64_MAX);
    const deposit = call('deposit', depositOf(id, amount));
    const { fields } = fieldsOf(ask(treasury, deposit, { device: FIELDS }));
    expect(fields.get('You pay')).toEqual({ Text: { content: '3000000000 HUGE' } });
    expect(fields.get('Ledger fee')).toMatchObject({ TokenAmount: { decimals: 18 } });
  });

  it('refuses calls that it does not know, arguments that are not theirs, and too long ones', () => {
    const treasury = treasuryWorld();
    const good = argOf('pause_payouts', 1n);
    const bomb = Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 1, 0x6d, 0x7f, 1, 0, 255, 255, 255, 255, 15);
    for (const { method, arg } of [
      { method: 'set_token', arg: good },
      { method: 'toString', arg: good },
      { method: 'x'.repeat(10_000), arg: good },
      { method: 'deposit', arg: good },
      { method: 'deposit', arg: new Uint8Array(0) },
      { method: 'deposit', arg: bomb },
      { method: 'resume_payouts', arg: Uint8Array.of(1, 2, 3) },
      {
        method: 'open_dispute',
        arg: argOf('open_dispute', { escrow_id: 1n, reason: 'x'.repeat(5_000) }),
      },
      { method: 'open_dispute', arg: argOf('open_dispute', { escrow_id: 2n ** 60n, reason: 'x' }) },
    ]) {
      const answer = ask(treasury, { method, arg });
      expect(answer).toMatchObject({ Err: { UnsupportedCanisterCall: {} } });
      expect(JSON.stringify(answer).length).toBeLessThan(600);
    }
  });

  it('has no message for what signing could not do', () => {
    const treasury = treasuryWorld();
    const { world } = treasury;
    const { id } = fixture.quoteFor(treasury);
    const running = fixture.runningEscrow(treasury, { rental_id: 8n });
    const unavailable = { Err: { ConsentMessageUnavailable: {} } };
    expect(ask(treasury, call('deposit', depositOf(99n)))).toMatchObject(unavailable);
    expect(ask(treasury, call('deposit', depositOf(id, AMOUNT - 1n)))).toMatchObject(unavailable);
    expect(ask(treasury, call('deposit', depositOf(running)))).toMatchObject(unavailable);
    const part = { escrow_id: running, payer_part: 1n };
    expect(ask(treasury, call('agree_split', part))).toMatchObject(unavailable);
    treasury.as(PAYER).open_dispute({ escrow_id: running, reason: 'slow' });
    expect(ask(treasury, call('agree_split', part))).toHaveProperty('Ok');
    const tooMuch = { ...part, payer_part: AMOUNT + 1n };
    expect(ask(treasury, call('agree_split', tooMuch))).toMatchObject(unavailable);
    expect(ask(treasury, call('deposit', depositOf(id)))).toHaveProperty('Ok');
    world.advance(HOUR_NS);
    expect(ask(treasury, call('deposit', depositOf(id)))).toMatchObject(unavailable);
  });
});
