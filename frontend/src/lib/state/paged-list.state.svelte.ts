import { troubleOf, type Trouble, type TroubleContext } from '../services/trouble.service.ts';

export interface Page<Row, Cursor> {
  readonly rows: readonly Row[];
  readonly next: Cursor | undefined;
}

/** A list that is read page by page, each from where the one before ended. */
export class PagedList<Row, Cursor> {
  rows = $state.raw<readonly Row[]>([]);
  trouble = $state.raw<Trouble>();
  isLoading = $state(false);
  /** Whether the first page was read. */
  isRead = $state(false);
  hasMore = $state(false);
  #next: Cursor | undefined;
  #latest = 0;
  readonly #read: (from: Cursor | undefined) => Promise<Page<Row, Cursor>>;
  readonly #context: TroubleContext;

  constructor(
    read: (from: Cursor | undefined) => Promise<Page<Row, Cursor>>,
    context: TroubleContext,
  ) {
    this.#read = read;
    this.#context = context;
  }

  /** Reads the first page in place of everything. Never throws. */
  async reload(): Promise<void> {
    await this.#load(undefined, (rows) => rows);
  }

  /** Reads the next page. Never throws. */
  async more(): Promise<void> {
    if (!this.hasMore || this.isLoading) return;
    await this.#load(this.#next, (rows) => [...this.rows, ...rows]);
  }

  async #load(
    from: Cursor | undefined,
    merge: (rows: readonly Row[]) => readonly Row[],
  ): Promise<void> {
    this.#latest += 1;
    const own = this.#latest;
    this.isLoading = true;
    try {
      const page = await this.#read(from);
      if (own !== this.#latest) return;
      this.rows = merge(page.rows);
      this.#next = page.next;
      this.hasMore = page.next !== undefined;
      this.isRead = true;
      this.trouble = undefined;
    } catch (error) {
      if (own === this.#latest) this.trouble = troubleOf(error, this.#context);
    } finally {
      if (own === this.#latest) this.isLoading = false;
    }
  }
}
