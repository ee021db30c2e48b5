import type { CloudClock } from '../../cloud-clock.ts';
import { SeededRandom } from '../../../system/ledger/faults/seeded-random.ts';
import {
  faultSchema,
  type EffectOf,
  type Fault,
  type FaultEffect,
  type FaultInput,
  type FaultKind,
} from './fault.ts';

/** What a fault's scope looks at. */
export interface FaultTarget {
  readonly method: string;
  /** Without `/v1` and query. */
  readonly path: string;
  readonly project: string | undefined;
  readonly token: string | undefined;
}

/** A fault on the board. */
export interface PlacedFault {
  readonly id: number;
  readonly fault: Fault;
  /** How often it happened. */
  readonly met: number;
  readonly expiresAtMs: number | undefined;
}

interface Entry {
  readonly id: number;
  readonly fault: Fault;
  readonly path: RegExp | undefined;
  readonly expiresAtMs: number | undefined;
  seen: number;
  met: number;
}

/** Asks for a fault of one request; what it gives has happened, and counts. */
export type TakeFault = <K extends FaultKind>(
  kind: K,
  accepts?: (effect: EffectOf<K>) => boolean,
) => EffectOf<K> | undefined;

/** The faults of a cloud. */
export class FaultBoard {
  readonly #clock: CloudClock;
  readonly #random: SeededRandom;
  #entries: Entry[] = [];
  #nextId = 1;

  constructor(clock: CloudClock, seed: number) {
    this.#clock = clock;
    this.#random = new SeededRandom(seed);
  }

  /** Gives its id. Errors: throws a `ZodError` for a fault that makes no sense. */
  add(input: FaultInput): number {
    const fault = faultSchema.parse(input);
    const { forMs, scope } = fault;
    this.#entries.push({
      id: this.#nextId,
      fault,
      path: scope.path === undefined ? undefined : patternOf(scope.path),
      expiresAtMs: forMs === undefined ? undefined : this.#clock.nowMs() + forMs,
      seen: 0,
      met: 0,
    });
    this.#nextId += 1;
    return this.#nextId - 1;
  }

  /** These and no others. */
  replace(inputs: readonly FaultInput[]): readonly number[] {
    const checked = inputs.map((input) => faultSchema.parse(input));
    this.clear();
    return checked.map((fault) => this.add(fault));
  }

  /** False if there is none of that id. */
  remove(id: number): boolean {
    const count = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    return this.#entries.length < count;
  }

  clear(): void {
    this.#entries = [];
  }

  list(): readonly PlacedFault[] {
    return this.#entries.map(({ id, fault, met, expiresAtMs }) => ({
      id,
      fault,
      met,
      expiresAtMs,
    }));
  }

  /** For one request. */
  takerFor(target: FaultTarget): TakeFault {
    return (kind, accepts = () => true) => {
      for (const entry of this.#entries) {
        const { effect } = entry.fault;
        if (isOfKind(effect, kind) && this.#covers(entry, target) && accepts(effect)) {
          if (this.#happens(entry)) return effect;
        }
      }
      return undefined;
    };
  }

  #covers({ fault, path, expiresAtMs }: Entry, target: FaultTarget): boolean {
    const { method, project, token } = fault.scope;
    return (
      (expiresAtMs === undefined || this.#clock.nowMs() < expiresAtMs) &&
      (method ?? target.method) === target.method &&
      (path === undefined || path.test(target.path)) &&
      (project === undefined || project === target.project) &&
      (token === undefined || token === target.token)
    );
  }

  #happens(entry: Entry): boolean {
    const { after, times, share } = entry.fault;
    if (times !== undefined && entry.met >= times) return false;
    entry.seen += 1;
    if (entry.seen <= after || this.#random.next() >= share) return false;
    entry.met += 1;
    return true;
  }
}

function isOfKind<K extends FaultKind>(effect: FaultEffect, kind: K): effect is EffectOf<K> {
  return effect.kind === kind;
}

function patternOf(glob: string): RegExp {
  const source = glob
    .split('**')
    .map((part) => part.split('*').map(escaped).join('[^/]*'))
    .join('.*');
  return new RegExp(`^${source}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
