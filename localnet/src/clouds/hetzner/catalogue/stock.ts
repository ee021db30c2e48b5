import { LOCATIONS } from './locations.ts';
import { SERVER_TYPES } from './server-types.ts';

/** What the cloud says to somebody who orders. */
export type OrderAnswer = 'created' | 'resource_unavailable' | 'unsupported_location';

/** One server type at one location; `*` stands for all of them. */
export interface StockChange {
  readonly serverType: string;
  readonly location: string;
  /** What the catalogue says. */
  readonly available: boolean;
  /**
   * What orders are answered. The real cloud's catalogue and its answers do not always agree: without
   * this they do.
   */
  readonly orders?: OrderAnswer | undefined;
}

export interface StockEntry {
  readonly serverType: string;
  readonly location: string;
  readonly available: boolean;
  readonly orders: OrderAnswer;
  /** Not sold there any more; a change for all types or places leaves it alone. */
  readonly isPhasedOut: boolean;
}

/** What can be had where; all that the catalogue does not phase out, until told otherwise. */
export class Stock {
  readonly #entries = new Map<string, StockEntry>();

  constructor() {
    for (const { name: serverType, locations } of SERVER_TYPES) {
      for (const { name: location, deprecation } of locations) {
        const isPhasedOut = deprecation !== null;
        const orders = isPhasedOut ? 'unsupported_location' : 'created';
        this.#put({ serverType, location, available: !isPhasedOut, orders, isPhasedOut });
      }
    }
  }

  /** Errors: `RangeError` if the catalogue has no such type at such a location. */
  change({ serverType, location, available, orders }: StockChange): void {
    const isForAll = serverType === '*' || location === '*';
    const matching = this.entries().filter(
      (entry) =>
        (serverType === '*' || entry.serverType === serverType) &&
        (location === '*' || entry.location === location) &&
        !(isForAll && entry.isPhasedOut),
    );
    if (matching.length === 0) throw new RangeError(`nothing is sold as ${serverType}@${location}`);
    for (const entry of matching) {
      this.#put({
        ...entry,
        available,
        orders: orders ?? (available ? 'created' : 'resource_unavailable'),
      });
    }
  }

  /** Undefined where that type is not sold at all. */
  at(serverType: string, location: string): StockEntry | undefined {
    return this.#entries.get(keyOf(serverType, location));
  }

  entries(): readonly StockEntry[] {
    return [...this.#entries.values()];
  }

  /** Where somebody who names no location gets that type. */
  anyLocationOf(serverType: string): string | undefined {
    const names = LOCATIONS.map(({ name }) => name);
    return names.find((name) => this.at(serverType, name)?.orders === 'created');
  }

  /** Whether nothing at all can be had there. */
  isClosed(location: string): boolean {
    return this.entries()
      .filter((entry) => entry.location === location && !entry.isPhasedOut)
      .every((entry) => entry.orders === 'resource_unavailable');
  }

  #put(entry: StockEntry): void {
    this.#entries.set(keyOf(entry.serverType, entry.location), entry);
  }
}

function keyOf(serverType: string, location: string): string {
  return `${serverType}@${location}`;
}
