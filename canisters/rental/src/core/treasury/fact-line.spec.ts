import { describe, expect, it } from 'vitest';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../ids.ts';
import type { Fact } from '../rentals/rental-event.ts';
import { afterVerdicts, withFact, type FactLine, type FactVerdict } from './fact-line.ts';

const now = timestampNs(1_700_000_000_000_000_000n);
const longAgo = timestampNs(now - durationNs({ hours: 1 }));
const started: Fact = { kind: 'started', at: longAgo };
const paused: Fact = { kind: 'paused', at: longAgo };
const ended: Fact = { kind: 'ended', at: longAgo, cause: 'renter-cancelled' };
const taken: FactVerdict = { kind: 'taken' };
const later: FactVerdict = { kind: 'later' };
const refused: FactVerdict = { kind: 'refused', reason: 'no' };

const place = { escrowId: 4 as EscrowId, rentalId: 2 as RentalId, at: now };

function lineOf(...facts: readonly Fact[]): FactLine {
  let line: FactLine | undefined;
  facts.forEach((fact, index) => {
    line = withFact(line, { ...place, seq: index + 1, fact });
  });
  if (line === undefined) throw new Error('a line has facts');
  return line;
}

describe('withFact', () => {
  it('begins with the number that we gave', () => {
    expect(withFact(undefined, { ...place, seq: 7, fact: started })).toMatchObject({
      nextSeq: 7,
      facts: [{ seq: 7, fact: started }],
      dueAt: now,
    });
  });

  it('takes no number twice', () => {
    const line = lineOf(started, ended);
    expect(withFact(line, { ...place, seq: 2, fact: paused })).toBe(line);
  });

  it('leaves a line that waits waiting', () => {
    const waiting = { ...lineOf(started), dueAt: after(now, durationNs({ minutes: 5 })) };
    const longer = withFact(waiting, { ...place, seq: 2, fact: ended });
    expect(longer).toMatchObject({ dueAt: waiting.dueAt, nextSeq: 1 });
    expect(longer.facts).toHaveLength(2);
  });
});

describe('afterVerdicts', () => {
  it('is over when everything was taken in', () => {
    expect(afterVerdicts(lineOf(started, ended), [taken, taken], now)).toEqual({
      line: undefined,
      refused: undefined,
    });
  });

  it('goes on with the next number, at once', () => {
    expect(afterVerdicts(lineOf(started, paused, ended), [taken, taken], now).line).toMatchObject({
      nextSeq: 3,
      facts: [{ seq: 3, fact: ended }],
      dueAt: now,
    });
  });

  it('sends what follows a refused fact under its number', () => {
    const step = afterVerdicts(lineOf(started, paused, ended), [taken, refused, later], now);
    expect(step.line).toMatchObject({ nextSeq: 2, facts: [{ seq: 3, fact: ended }], dueAt: now });
    expect(step.refused).toEqual({
      ...{ escrowId: 4, rentalId: 2, seq: 2, fact: paused, reason: 'no', at: now },
    });
  });

  it('counts as the treasury does', () => {
    const step = afterVerdicts(lineOf(started), [{ kind: 'renumber', expected: 3 }], now);
    expect(step.line).toMatchObject({ nextSeq: 3, facts: [{ seq: 1 }] });
    expect(step.line?.dueAt).toBe(after(now, durationNs({ seconds: 10 })));
  });

  it('waits 10 s and then twice as long each time, at most 10 minutes', () => {
    let line = lineOf(started);
    const waits: bigint[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      line = afterVerdicts(line, [later], now).line ?? line;
      waits.push((line.dueAt - now) / 1_000_000_000n);
    }
    expect(waits).toEqual([10n, 20n, 40n, 80n, 160n, 320n, 600n, 600n, 600n]);
    expect(afterVerdicts(line, [later, taken], now).line?.facts).toHaveLength(1);
  });

  it('gives clocks two minutes to agree before a refusal counts', () => {
    const seen = timestampNs(now - durationNs({ seconds: 119 }));
    const line = lineOf({ kind: 'started', at: seen });
    expect(afterVerdicts(line, [refused], now)).toMatchObject({
      line: { attempts: 1 },
      refused: undefined,
    });
    const step = afterVerdicts(line, [refused], timestampNs(now + durationNs({ seconds: 1 })));
    expect(step).toMatchObject({ line: undefined, refused: { seq: 1 } });
  });

  it('drops a refused fact that has no time of its own at once', () => {
    const line = lineOf({ kind: 'unproven', unknownPpm: 9 });
    expect(afterVerdicts(line, [refused], now)).toMatchObject({ refused: { reason: 'no' } });
  });
});
