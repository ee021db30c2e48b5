import { describe, expect, it } from 'vitest';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../core/ids.ts';
import { HOUR, START, TERMS } from '../testing/escrow-terms.fake.ts';
import { EscrowWorld } from '../testing/escrow-world.fake.ts';
import { escrowBriefs } from './escrow-brief.ts';
import { escrowView } from './escrow-view.ts';
import type { TreasuryCanister } from './treasury-canister.ts';

function canisterOf({ state }: EscrowWorld): TreasuryCanister {
  return { storage: state } as unknown as TreasuryCanister;
}

function brief(world: EscrowWorld) {
  const briefs = escrowBriefs(canisterOf(world), [world.escrow.id]);
  return briefs.kind === 'ok' ? briefs.value[0] : briefs;
}

describe('escrowBriefs', () => {
  it('says the same as the whole view, from the quote to the end', () => {
    const world = new EscrowWorld();
    const expectSame = () => {
      const { quote, escrow, now } = world;
      const view = escrowView({ quote, escrow, now, self: quote.reporter });
      const { escrowId, phase, amount, deposited, depositBlock, termEndsAt, factSeq } = view;
      expect(brief(world)).toEqual({
        ...{ escrowId, phase, amount, deposited, depositBlock, termEndsAt, factSeq },
        ...{ payer: view.books.payer, isDisputed: view.dispute !== undefined, dueAt: view.dueAt },
      });
    };
    expectSame();
    world.start();
    expectSame();
    expect(brief(world)).toMatchObject({ termEndsAt: after(START, TERMS.termNs), factSeq: 1 });
    world.wait(durationNs({ hours: 5 }));
    world.fact({ kind: 'ended', at: world.now, cause: 'renter-cancelled' });
    expectSame();
    const { amount } = world.quote;
    const owed = amount - (amount * 5n * HOUR) / TERMS.termNs;
    expect(brief(world)).toMatchObject({ phase: { kind: 'ended' }, payer: { open: owed } });
  });

  it('answers in the order asked, with nothing for what is not there', () => {
    const world = new EscrowWorld();
    const { id } = world.escrow;
    const unknown = 9_999 as EscrowId;
    const briefs = escrowBriefs(canisterOf(world), [unknown, id, unknown]);
    expect(briefs).toMatchObject({ value: [undefined, { escrowId: id }, undefined] });
  });

  it('refuses more than 50', () => {
    const world = new EscrowWorld();
    const ids = Array.from({ length: 51 }, () => world.escrow.id);
    expect(escrowBriefs(canisterOf(world), ids)).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'escrow_ids' } },
    });
    expect(escrowBriefs(canisterOf(world), ids.slice(1))).toMatchObject({ kind: 'ok' });
  });
});
