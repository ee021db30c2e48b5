import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fields } from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { Escrow } from '../core/escrow/escrow.ts';
import type { TreasuryEvent } from '../core/events.ts';
import * as values from './core-values.arbitrary.ts';
import * as config from './fields/config-fields.ts';
import { ESCROW_VERSION, escrowFields, firstEscrow } from './fields/escrow-fields.ts';
import { eventField } from './fields/event-fields.ts';
import { payeeFields } from './fields/payee-fields.ts';
import { quoteFields } from './fields/quote-fields.ts';
import { transferFields } from './fields/transfer-fields.ts';

function expectRoundTrip<T extends object>(fields: Fields<T>, arbitrary: fc.Arbitrary<T>): void {
  const codec = valueCodec<T>({ version: 1, fields });
  fc.assert(
    fc.property(arbitrary, (value) => {
      expect(codec.decode(codec.encode(value))).toEqual(value);
    }),
  );
}

describe('stored values come back as they were', () => {
  it('settings', () => {
    expectRoundTrip(config.settingsFields, values.settings);
  });
  it('tokens', () => {
    expectRoundTrip(config.tokenFields, values.token);
  });
  it('token books', () => {
    expectRoundTrip(config.tokenBookFields, values.tokenBook);
  });
  it('quotes', () => {
    expectRoundTrip(quoteFields, values.quote);
  });
  it('escrows', () => {
    expectRoundTrip(escrowFields, values.escrow);
  });
  it('escrows of before periods could be unproven', () => {
    const known = Object.entries(escrowFields).filter(([name]) => name !== 'unprovenPpm');
    const firstFields = Object.fromEntries(known) as Fields<Omit<Escrow, 'unprovenPpm'>>;
    const first = valueCodec({ version: 1, fields: firstFields });
    const today = valueCodec<Escrow>({
      version: ESCROW_VERSION,
      fields: escrowFields,
      older: [firstEscrow],
    });
    fc.assert(
      fc.property(values.escrow, ({ unprovenPpm: _new, ...old }) => {
        expect(today.decode(first.encode(old))).toEqual(old);
      }),
    );
  });
  it('transfers', () => {
    expectRoundTrip(transferFields, values.transfer);
  });
  it('payees', () => {
    expectRoundTrip(payeeFields, values.payee);
  });
  it.each(Object.entries(values.eventsByKind))('events of kind %s', (_kind, arbitrary) => {
    const fields: Fields<{ event: TreasuryEvent }> = { event: eventField };
    expectRoundTrip(fields, fc.record({ event: arbitrary as fc.Arbitrary<TreasuryEvent> }));
  });
});
