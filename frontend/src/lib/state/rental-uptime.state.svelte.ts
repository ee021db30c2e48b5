import { readSlots, readUptime } from '../api/uptime.api.ts';
import type { Rental } from '../api/wire.ts';
import { msOfNs } from '../services/format.service.ts';
import {
  checksCsv,
  countSlots,
  DAY_MS,
  incidentsOf,
  recomputedPpm,
  slotsOf,
  type DaySlots,
  type Incident,
} from '../services/uptime.service.ts';
import { app } from './app.state.svelte.ts';

/** What was measured of a rental. */
export class RentalUptime {
  /** Undefined before it was read, and for a rental that was never ready. */
  report = $state.raw<Rental.UptimeReport>();
  /** The last two days: what the 24 hours are drawn of. */
  recent = $state.raw<readonly DaySlots[]>([]);
  incidents = $state.raw<readonly Incident[]>([]);
  /** Slots of days on which it was down; past days do not change any more. */
  #downDays: readonly DaySlots[] = [];
  readonly #rentalId: bigint;

  constructor(rentalId: bigint) {
    this.#rentalId = rentalId;
  }

  async read(): Promise<void> {
    const rentalId = this.#rentalId;
    this.report = await readUptime(app.actors, rentalId);
    if (this.report === undefined) return;
    const today = Math.floor((msOfNs(this.report.measured.to_ns) - 1) / DAY_MS);
    this.recent = await readSlots(app.actors, { rentalId, from: today - 1, to: today + 1 });
    await this.#readDownDays(today);
  }

  async #readDownDays(today: number): Promise<void> {
    this.#keep(this.recent);
    const missing = (this.report?.days ?? [])
      .filter(
        ({ day, down }) =>
          down > 0 && day < today - 1 && !this.#downDays.some((kept) => kept.day === day),
      )
      .map(({ day }) => day);
    const [first] = missing;
    const last = missing.at(-1);
    if (first !== undefined && last !== undefined) {
      const range = { rentalId: this.#rentalId, from: first, to: last + 1 };
      this.#keep(await readSlots(app.actors, range));
    }
    this.incidents = incidentsOf(this.#downDays);
  }

  #keep(read: readonly DaySlots[]): void {
    const isRead = (kept: DaySlots) => read.some(({ day }) => day === kept.day);
    this.#downDays = [...this.#downDays.filter((kept) => !isRead(kept)), ...read];
  }

  /** Every check that there is, as CSV, and the uptime computed anew from them. */
  async checksFile(): Promise<{ readonly text: string; readonly ppm: number | undefined }> {
    const { report } = this;
    if (report === undefined) throw new Error('Nothing was measured yet.');
    const fromMs = msOfNs(report.measured.from_ns);
    const toMs = msOfNs(report.measured.to_ns);
    const days = await readSlots(app.actors, {
      rentalId: this.#rentalId,
      from: Math.floor(fromMs / DAY_MS),
      to: Math.floor(Math.max(toMs - 1, fromMs) / DAY_MS) + 1,
    });
    const counts = countSlots(days.flatMap(slotsOf));
    return { text: checksCsv(days, { fromMs, toMs }), ppm: recomputedPpm(counts) };
  }
}
