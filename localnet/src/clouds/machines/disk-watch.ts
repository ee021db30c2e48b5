import { statfs } from 'node:fs/promises';
import { isMissing } from './files/file-error.ts';

const EVERY_MS = 2_000;
const FREE_BYTES_MIN = 512 * 1024 * 1024;

/** Machines have full disks while the computer's own has hardly any room: they must not fill it. */
export class DiskWatch {
  readonly #folder: string;
  readonly #onChange: (isLow: boolean) => void;
  #timer: NodeJS.Timeout | undefined;
  #isLow = false;

  constructor(folder: string, onChange: (isLow: boolean) => void) {
    this.#folder = folder;
    this.#onChange = onChange;
  }

  get isLow(): boolean {
    return this.#isLow;
  }

  async start(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => void this.#look(), EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Undefined when the folder has just gone, with all machines. */
  async #freeBytes(): Promise<number | undefined> {
    try {
      const { bavail, bsize } = await statfs(this.#folder);
      return bavail * bsize;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async #look(): Promise<void> {
    const freeBytes = await this.#freeBytes();
    const isLow = freeBytes !== undefined && freeBytes < FREE_BYTES_MIN;
    if (isLow === this.#isLow) return;
    this.#isLow = isLow;
    this.#onChange(isLow);
  }
}
