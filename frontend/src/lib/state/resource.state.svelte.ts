import { troubleOf, type Trouble, type TroubleContext } from '../services/trouble.service.ts';

/**
 * Something that is read from the network: its latest value, whether it is being read, and what went
 * wrong the last time. A value that was there stays while it is read again, and when that fails.
 */
export class Resource<T> {
  value = $state.raw<T>();
  trouble = $state.raw<Trouble>();
  isLoading = $state(false);
  readonly #read: () => Promise<T>;
  readonly #context: TroubleContext;
  /** Answers of reads that were begun before the latest one are dropped. */
  #latest = 0;

  constructor(read: () => Promise<T>, context: TroubleContext) {
    this.#read = read;
    this.#context = context;
  }

  /** Reads anew. Never throws. */
  async load(): Promise<void> {
    this.#latest += 1;
    const own = this.#latest;
    this.isLoading = true;
    try {
      const value = await this.#read();
      if (own !== this.#latest) return;
      this.value = value;
      this.trouble = undefined;
    } catch (error) {
      if (own === this.#latest) this.trouble = troubleOf(error, this.#context);
    } finally {
      if (own === this.#latest) this.isLoading = false;
    }
  }

  /** Shows what a call answered, without reading. */
  put(value: T): void {
    this.#latest += 1;
    this.value = value;
    this.trouble = undefined;
    this.isLoading = false;
  }
}
