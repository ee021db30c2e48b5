import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOnlyLog, takeBatch } from './event-batch.ts';
import type { JobEvent } from './job-report.ts';

/** A log cut into pieces, with other events between them. */
const stories = fc
  .array(fc.oneof(fc.constant('step' as const), fc.uint8Array({ maxLength: 12_000 })), {
    maxLength: 60,
  })
  .map((parts) => {
    let offset = 0;
    return parts.map((part): JobEvent => {
      if (part === 'step') {
        return { kind: 'step', step: 'recipe-step', index: 1, of: 2, note: '' };
      }
      const event: JobEvent = { kind: 'log', offset, bytes: part };
      offset += part.length;
      return event;
    });
  });

function reports(events: readonly JobEvent[]): readonly (readonly JobEvent[])[] {
  const sent: (readonly JobEvent[])[] = [];
  let waiting = events;
  while (waiting.length > 0) {
    const batch = takeBatch(waiting);
    expect(batch.rest.length).toBeLessThan(waiting.length);
    sent.push(batch.events);
    waiting = batch.rest;
  }
  return sent;
}

describe('takeBatch', () => {
  it('keeps every byte and every event in order, within what a report takes', () => {
    fc.assert(
      fc.property(stories, (events) => {
        const sent = reports(events);
        for (const report of sent) expect(report.length).toBeLessThanOrEqual(16);
        const all = sent.flat();
        expect(textOf(all)).toEqual(textOf(events));
        const steps = (list: readonly JobEvent[]) => list.filter(({ kind }) => kind === 'step');
        expect(steps(all)).toHaveLength(steps(events).length);
        for (const event of all) {
          if (event.kind === 'log') expect(event.bytes.length).toBeLessThanOrEqual(16_384);
        }
        expectNoHoles(all);
      }),
    );
  });

  it('makes one piece of many small ones', () => {
    const pieces = Array.from({ length: 40 }, (_, index): JobEvent => {
      return { kind: 'log', offset: index * 3, bytes: Uint8Array.of(1, 2, 3) };
    });
    expect(takeBatch(pieces)).toMatchObject({ events: [{ offset: 0 }], rest: [] });
    expect(isOnlyLog(pieces)).toBe(true);
  });

  it('does not close a hole', () => {
    const pieces: JobEvent[] = [
      { kind: 'log', offset: 0, bytes: Uint8Array.of(1) },
      { kind: 'log', offset: 5, bytes: Uint8Array.of(2) },
    ];
    expect(takeBatch(pieces).events).toHaveLength(2);
  });
});

function textOf(events: readonly JobEvent[]): Buffer {
  return Buffer.concat(events.flatMap((event) => (event.kind === 'log' ? [event.bytes] : [])));
}

function expectNoHoles(events: readonly JobEvent[]): void {
  let known = 0;
  for (const event of events) {
    if (event.kind !== 'log') continue;
    expect(event.offset).toBe(known);
    known += event.bytes.length;
  }
}
