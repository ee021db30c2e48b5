import type { IDL } from '@icp-sdk/core/candid';
import { createIdentity } from '@dfinity/pic';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openPic } from '@decent-cloud/localnet/testing/pic.ts';
import { COUNTERS, NO_ARGUMENTS, probeIdl, probeWasm, type ProbeService } from './support/probe.ts';

const SECOND_MS = 1_000;
const DAY_MS = 86_400 * SECOND_MS;
const OWNER = createIdentity('owner').getPrincipal();

async function newProbe() {
  const pic = await openPic();
  const wasm = await probeWasm();
  const { actor, canisterId } = await pic.setupCanister<ProbeService>({
    idlFactory: probeIdl,
    wasm,
    arg: NO_ARGUMENTS,
    sender: OWNER,
  });
  const upgrade = () => pic.upgradeCanister({ canisterId, wasm, arg: NO_ARGUMENTS, sender: OWNER });
  /** Moves the clock second by second, as timers that rearm themselves need. */
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await pic.advanceTime(SECOND_MS);
      await pic.tick(3);
    }
  };
  const submitter = pic.createDeferredActor<ProbeService>(probeIdl, canisterId);
  return { pic, canisterId, actor, submitter, upgrade, pass };
}

describe('withGuard in a canister', () => {
  it.each([1, 2, 5])('is released by a trap after %d awaits', async (awaits) => {
    const { actor } = await newProbe();
    await expect(actor.guarded_flow(awaits, true)).rejects.toThrow('a trap after an await');
    expect(await actor.held_guards()).toBe(0);
    expect(await actor.counted(COUNTERS.marks)).toBe(0n);
    expect(await actor.guarded_flow(awaits, false)).toBe(true);
    expect(await actor.counted(COUNTERS.marks)).toBe(1n);
    expect(await actor.held_guards()).toBe(0);
  });

  it('is released by a trap before any await', async () => {
    const { actor } = await newProbe();
    await expect(actor.guarded_flow(0, true)).rejects.toThrow('a trap after an await');
    expect(await actor.held_guards()).toBe(0);
  });

  it('stays released however often it traps', async () => {
    const { actor } = await newProbe();
    for (let turn = 0; turn < 20; turn += 1) {
      await expect(actor.guarded_flow(1, true)).rejects.toThrow('a trap after an await');
    }
    expect(await actor.held_guards()).toBe(0);
    expect(await actor.guarded_flow(1, false)).toBe(true);
  });

  it('lets one of two flows at once run and refuses the other', async () => {
    const { actor, submitter } = await newProbe();
    const first = await submitter.guarded_flow(3, false);
    const second = await submitter.guarded_flow(3, false);
    const both = await Promise.all([first(), second()]);
    expect(both.filter(Boolean)).toHaveLength(1);
    expect(await actor.counted(COUNTERS.marks)).toBe(1n);
    expect(await actor.held_guards()).toBe(0);
  });
});

describe('calls in a canister', () => {
  it('give a rejection and an undecodable reply as values', async () => {
    const { actor } = await newProbe();
    expect(await actor.call_nobody()).toBe('rejected 5');
    expect(await actor.undecodable_reply()).toBe('undecodable');
  });

  it('give other random bytes each time', async () => {
    const { actor } = await newProbe();
    const [first, second] = [await actor.random_bytes(), await actor.random_bytes()];
    expect([first.length, second.length]).toEqual([32, 32]);
    expect(first).not.toEqual(second);
  });
});

/** A list in a list in a list. */
function nestedLists(depth: number): unknown {
  let lists: unknown[] = [];
  for (let level = 1; level < depth; level += 1) lists = [lists];
  return lists;
}

describe('methods of a canister', () => {
  it.each([false, true])(
    'trap and undo all when they throw undefined (later: %s)',
    async (later) => {
      const { actor } = await newProbe();
      await expect(actor.throw_undefined(later)).rejects.toThrow('Uncaught undefined');
      expect(await actor.counted(COUNTERS.marks)).toBe(0n);
      expect(await actor.open_calls()).toBe(0);
    },
  );

  it.each([0, 1])('show callers no stack when they fail after %d awaits', async (awaits) => {
    const { actor } = await newProbe();
    const failed: unknown = await actor.guarded_flow(awaits, true).catch((error: unknown) => error);
    expect(String(failed)).toContain('Uncaught Error: a trap after an await');
    expect(String(failed)).not.toMatch(/\n\s+at |\.[jt]s:\d/);
  });

  it('say that arguments cannot be decoded, and which part of an answer does not fit', async () => {
    const { pic, actor, canisterId } = await newProbe();
    const idl: IDL.InterfaceFactory = ({ IDL }) =>
      IDL.Service({ counted: IDL.Func([IDL.Text], [IDL.Nat64], ['query']) });
    const stranger = pic.createActor<{ counted: (text: string) => Promise<bigint> }>(
      idl,
      canisterId,
    );
    await expect(stranger.counted('x')).rejects.toThrow('the arguments cannot be decoded');
    await expect(actor.wrong_answer()).rejects.toThrow('amount: not a nat8: 256');
  });

  it('take deep values, and refuse those that would use up the stack', async () => {
    const { actor } = await newProbe();
    expect(await actor.echo(nestedLists(60))).toEqual(nestedLists(60));
    await expect(actor.echo(nestedLists(300))).rejects.toThrow('values inside values');
  });

  it('are let in by inspect_message, or not', async () => {
    const { actor } = await newProbe();
    await expect(actor.refused_by_inspection()).rejects.toThrow();
    expect(await actor.guarded_flow(0, false)).toBe(true);
  });
});

describe('an upgrade', () => {
  it('is refused while a call is in flight, and passes when it has come back', async () => {
    const { actor, submitter, upgrade } = await newProbe();
    const flow = await submitter.guarded_flow(200, false);
    await expect(upgrade()).rejects.toThrow(
      'stop the canister before upgrading: 1 calls are in flight',
    );
    expect(await flow()).toBe(true);
    expect(await actor.open_calls()).toBe(0);
    await upgrade();
    expect(await actor.counted(COUNTERS.marks)).toBe(1n);
  });

  it('passes after calls whose continuation trapped', async () => {
    const { actor, upgrade } = await newProbe();
    await expect(actor.guarded_flow(3, true)).rejects.toThrow('a trap after an await');
    expect(await actor.open_calls()).toBe(0);
    await upgrade();
  });
});

describe('timers in a canister', () => {
  it('run on time, go on after a failing run, and are armed again by an upgrade', async () => {
    const { actor, upgrade, pass } = await newProbe();
    await pass(31);
    expect(await actor.counted(COUNTERS.ticks)).toBe(3n);
    expect(await actor.counted(COUNTERS.failingTicks)).toBe(3n);
    await upgrade();
    await pass(31);
    expect(await actor.counted(COUNTERS.ticks)).toBe(6n);
    expect(await actor.counted(COUNTERS.failingTicks)).toBe(6n);
  });
});

describe('batches in a canister', () => {
  it('do every step once, spread over several messages', async () => {
    const { actor, pass } = await newProbe();
    await actor.start_batch(40);
    expect(await actor.counted(COUNTERS.steps)).toBeLessThan(40n);
    await pass(30);
    expect(await actor.counted(COUNTERS.steps)).toBe(40n);
    expect(await actor.counted(COUNTERS.batchMessages)).toBeGreaterThan(2n);
  });
});

describe('garbage', () => {
  /** More than twice what is there: by itself the engine would collect several times. */
  const MANY = 60_000;
  /** What there is room for, but not for that of five days. */
  const LITTLE = 20_000;
  const costs = async (actor: Pick<ProbeService, 'cost_of_objects'>, objects = MANY) => {
    const few = Number(await actor.cost_of_objects(objects / 100));
    return Number(await actor.cost_of_objects(objects)) / (100 * few);
  };

  it('is not collected at the cost of a query', async () => {
    const { actor, pass } = await newProbe();
    await pass(2);
    expect(await costs(actor)).toBeLessThan(1.1);
  });

  it('is never collected by those who leave little of it, however many days pass', async () => {
    const { actor, pic, pass } = await newProbe();
    await pass(2);
    for (let day = 0; day < 8; day += 1) {
      await actor.leave_garbage(LITTLE);
      expect(await costs(actor, LITTLE)).toBeLessThan(1.1);
      await pic.advanceTime(DAY_MS);
      await pass(2);
    }
  });

  it('is collected once a day, however much there was', async () => {
    const { actor, pic, pass } = await newProbe();
    await pass(2);
    await actor.leave_garbage(4 * MANY);
    expect(await costs(actor)).toBeGreaterThan(1.1);
    await pic.advanceTime(DAY_MS);
    await pass(2);
    expect(await costs(actor)).toBeLessThan(1.1);
  });
});

describe('text in a canister', () => {
  const units = fc.array(
    fc.oneof(
      fc.integer({ min: 0x20, max: 0x7e }),
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0xd800, max: 0xdfff }),
      fc.constantFrom(0, 8, 9, 10, 12, 13, 0x22, 0x27, 0x5c, 0x62, 0x66, 0x75, 0x7f, 0x80, 0xfeff),
    ),
    { maxLength: 30 },
  );

  it('is encoded as Node encodes it, through the native way too', async () => {
    const { actor } = await newProbe();
    for (let seed = 1; seed <= 10; seed += 1) {
      const texts = fc.sample(units, { seed, numRuns: 300 });
      const expected = texts.map((text) => Buffer.from(String.fromCharCode(...text)));
      const encoded = (await actor.encode(texts)).map((bytes) => Buffer.from(bytes));
      expect(encoded).toEqual(expected);
    }
  });

  it('is decoded as Node decodes it, valid or not', async () => {
    const { actor } = await newProbe();
    const bytes = fc.oneof(
      units.map((text) => new Uint8Array(Buffer.from(String.fromCharCode(...text)))),
      fc.uint8Array({ maxLength: 20 }),
      fc
        .array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xa0, 0xed, 0x9f, 0xf0, 0x90, 0xf4))
        .map((list) => Uint8Array.from(list)),
    );
    for (let seed = 1; seed <= 10; seed += 1) {
      const sequences = fc.sample(bytes, { seed, numRuns: 200 });
      const decoder = new TextDecoder();
      const expected = sequences.map((sequence) => decoder.decode(sequence));
      const decoded = await actor.decode(sequences);
      expect(decoded.map((text) => String.fromCharCode(...text))).toEqual(expected);
    }
  });
});
