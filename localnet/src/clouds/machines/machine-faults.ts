import type { MachineFault } from '../machine-host.port.ts';

/** What is wrong with a machine at the moment. */
export class MachineFaults {
  #faults: readonly MachineFault[] = [];
  #lossy: { share: number; draw: () => number } | undefined;

  /** Replaces all; a seeded generator starts anew. */
  set(faults: readonly MachineFault[]): void {
    this.#faults = faults;
    const lossy = this.#find('lossy');
    this.#lossy = lossy && { share: lossy.share, draw: seeded(lossy.seed) };
  }

  get isUnreachable(): boolean {
    return this.#find('unreachable') !== undefined;
  }

  get isDiskFull(): boolean {
    return this.#find('disk-full') !== undefined;
  }

  get hasWrongHostKey(): boolean {
    return this.#find('wrong-host-key') !== undefined;
  }

  get dropsSshAfterMs(): number | undefined {
    return this.#find('drop-ssh')?.afterMs;
  }

  /** Asked once for each new connection. */
  admitsConnection(): boolean {
    return this.#lossy === undefined || this.#lossy.draw() >= this.#lossy.share;
  }

  #find<K extends MachineFault['kind']>(kind: K): Extract<MachineFault, { kind: K }> | undefined {
    return this.#faults.find(
      (fault): fault is Extract<MachineFault, { kind: K }> => fault.kind === kind,
    );
  }
}

const UINT32 = 2 ** 32;

/** Numbers from 0 to 1, without 1; the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / UINT32;
  };
}
