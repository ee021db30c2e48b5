import { PicError } from './pic-error.ts';
import type { RunningInstance } from './running-instance.ts';

/** Instances by the number they were created under; numbers are never used again. */
export class InstanceRegistry {
  readonly #instances: (RunningInstance | undefined)[] = [];

  add(instance: RunningInstance): number {
    return this.#instances.push(instance) - 1;
  }

  get(id: number): RunningInstance {
    if (id >= this.#instances.length) throw new PicError('Instance not found');
    const instance = this.#instances[id];
    if (instance === undefined) throw new PicError('Instance was deleted');
    return instance;
  }

  /** Stops the instance and frees its memory. Deleting twice does nothing. */
  delete(id: number): void {
    if (id >= this.#instances.length) throw new PicError('Instance not found');
    this.#instances[id]?.pic.stopProgress();
    this.#instances[id] = undefined;
  }

  deleteAll(): void {
    for (const id of this.#instances.keys()) this.delete(id);
  }

  /** One word per instance, in order. */
  states(): readonly string[] {
    return this.#instances.map((instance) => (instance === undefined ? 'Deleted' : 'Available'));
  }
}
