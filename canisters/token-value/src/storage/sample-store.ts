import { present } from '@decent-cloud/domain/assert.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { idKey, uint16 } from '@decent-cloud/kit/keys/integer-keys.ts';
import { composite, keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { bigint, number, optional, record } from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { SourceMemory } from '../core/pricing/report.ts';
import { CLEAR, nextQuarantine } from '../core/samples/quarantine.ts';
import { appendSample, RING_CAPACITY } from '../core/samples/ring.ts';
import type { Quarantine, Sample, SamplePoint, SampleRejection } from '../core/samples/sample.ts';
import type { SourceId } from '../core/units.ts';
import {
  fromStored,
  quarantineField,
  rejectionField,
  sampleCodec,
  toStored,
  type StoredSample,
} from './sample-fields.ts';

/** Why asking gave no sample, the last time it gave none. */
export interface SampleFailure {
  readonly atNs: TimestampNs;
  readonly rejection: SampleRejection;
}

/** What is kept of a source beside its samples. */
export interface SourceState {
  /** Samples ever taken; the newest lies in slot `sampleCount - 1` modulo the ring's size. */
  readonly sampleCount: number;
  readonly askedAtNs: TimestampNs | undefined;
  readonly failure: SampleFailure | undefined;
  readonly quarantine: Quarantine;
}

const CACHED_STATES = 128;

const NEVER_ASKED: SourceState = {
  sampleCount: 0,
  askedAtNs: undefined,
  failure: undefined,
  quarantine: CLEAR,
};

const stateCodec = valueCodec<SourceState>({
  version: 1,
  fields: {
    sampleCount: number,
    askedAtNs: optional(bigint<TimestampNs>()),
    failure: optional(
      record<SampleFailure>({ atNs: bigint<TimestampNs>(), rejection: rejectionField }),
    ),
    quarantine: quarantineField,
  },
});

/**
 * The last day of samples of every source: a ring of fixed slots in stable memory, so that a sample
 * is one row written, and the same points in the heap, because prices read all of them. What the
 * heap lost in an upgrade is read again when it is first needed.
 */
export class SampleStore {
  readonly #states: StableMap<SourceId, SourceState>;
  readonly #samples: StableMap<readonly [SourceId, number], StoredSample>;
  readonly #rings = new Map<SourceId, readonly SamplePoint[]>();

  constructor(stores: { readonly states: StableStore; readonly samples: StableStore }) {
    this.#states = new StableMap({
      store: stores.states,
      key: keyCodec(idKey<SourceId>()),
      value: stateCodec,
      cachedValues: CACHED_STATES,
    });
    this.#samples = new StableMap({
      store: stores.samples,
      key: keyCodec(composite<readonly [SourceId, number]>(idKey<SourceId>(), uint16)),
      value: sampleCodec,
    });
  }

  state(id: SourceId): SourceState {
    return this.#states.get(id) ?? NEVER_ASKED;
  }

  /** What prices are made of. */
  memoryOf(id: SourceId): SourceMemory {
    return { samples: this.ring(id), quarantine: this.state(id).quarantine };
  }

  /** Oldest first, at most a day of them. */
  ring(id: SourceId): readonly SamplePoint[] {
    const known = this.#rings.get(id);
    if (known !== undefined) return known;
    const ring: SamplePoint[] = [];
    for (const turn of this.#keptTurns(id)) {
      ring.push(pointOf(this.#stored(id, turn)));
    }
    this.#rings.set(id, ring);
    return ring;
  }

  /** The newest samples with their raw inputs, newest first. */
  newest(id: SourceId, limit: number): readonly Sample[] {
    const turns = this.#keptTurns(id).slice(-limit).reverse();
    return turns.map((turn) => fromStored(this.#stored(id, turn)));
  }

  markAsked(id: SourceId, askedAtNs: TimestampNs): void {
    this.#states.set(id, { ...this.state(id), askedAtNs });
  }

  markFailed(id: SourceId, failure: SampleFailure): void {
    this.#states.set(id, { ...this.state(id), failure });
  }

  /** Adds a sample, unless it is too close to the one before. */
  append(id: SourceId, sample: Sample): Result<undefined, { readonly kind: 'too-soon' }> {
    const earlier = this.ring(id);
    const point = pointOf(sample);
    const ring = appendSample(earlier, point);
    if (ring.kind === 'err') return ring;
    const state = this.state(id);
    const quarantine = nextQuarantine({ quarantine: state.quarantine, earlier, sample: point });
    this.#samples.set([id, state.sampleCount % RING_CAPACITY], toStored(sample));
    this.#states.set(id, { ...state, sampleCount: state.sampleCount + 1, quarantine });
    this.#rings.set(id, ring.value);
    return ok(undefined);
  }

  #keptTurns(id: SourceId): number[] {
    const { sampleCount } = this.state(id);
    const kept = Math.min(sampleCount, RING_CAPACITY);
    return Array.from({ length: kept }, (_, index) => sampleCount - kept + index);
  }

  #stored(id: SourceId, turn: number): StoredSample {
    return present(this.#samples.get([id, turn % RING_CAPACITY]), 'a sample is missing');
  }
}

/** Only what prices are made of. */
function pointOf({ atNs, ratioE18, depthUnits }: SamplePoint): SamplePoint {
  return { atNs, ratioE18, depthUnits };
}
