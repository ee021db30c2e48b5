import { describe, expect, it } from 'vitest';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../../core/ids.ts';
import { givenSettings } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { fakeTreasury } from '../../testing/treasury.fake.ts';
import { queueFact, tickFacts } from './fact-outbox.ts';
import { factStatus, listRefusedFacts } from './read-facts.flow.ts';

const page = { order: 'newest-first', limit: 10 } as const;

describe('reports to the treasury, for operators', () => {
  it('are counted and refused ones listed', async () => {
    const c = fakeCanister();
    givenSettings(c);
    fakeTreasury(c);
    c.runtime.controllers = [personCalled('operator')];
    c.runtime.callerNow = personCalled('operator');
    const queued = { rentalId: 8 as RentalId, escrowId: 9 as EscrowId, seq: 1 };
    queueFact(c, { ...queued, fact: { kind: 'paused', at: timestampNs(5n) } });
    const waiting = { waiting: 1, nextDueAt: c.runtime.now, refused: 0 };
    expect(factStatus(c)).toEqual({ kind: 'ok', value: waiting });
    await tickFacts(c);
    expect(factStatus(c)).toMatchObject({ value: { waiting: 0, refused: 1 } });
    expect(listRefusedFacts(c, page)).toMatchObject({
      value: {
        rows: [{ value: { ...queued, reason: expect.stringContaining('not-found') as string } }],
      },
    });
  });

  it('are nobody else’s', () => {
    const c = fakeCanister();
    c.runtime.callerNow = personCalled('somebody');
    const refusal = { error: { leaf: { kind: 'not-allowed' } } };
    expect(factStatus(c)).toMatchObject(refusal);
    expect(listRefusedFacts(c, page)).toMatchObject(refusal);
  });
});
