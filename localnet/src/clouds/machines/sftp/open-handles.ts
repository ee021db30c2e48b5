import type { FileHandle } from 'node:fs/promises';
import type { Stats } from 'node:fs';

const HANDLES_MAX = 256;

export interface OpenFile {
  readonly kind: 'file';
  readonly path: string;
  readonly file: FileHandle;
  readonly appends: boolean;
}

export interface OpenFolder {
  readonly kind: 'folder';
  /** Not yet told. */
  readonly left: { name: string; stats: Stats }[];
}

/** What one SFTP client has open. */
export class OpenHandles {
  readonly #open = new Map<string, OpenFile | OpenFolder>();
  #next = 0;

  get isFull(): boolean {
    return this.#open.size >= HANDLES_MAX;
  }

  /** The handle's name for the client. */
  add(handle: OpenFile | OpenFolder): string {
    const name = String(this.#next);
    this.#next += 1;
    this.#open.set(name, handle);
    return name;
  }

  file(name: string): OpenFile | undefined {
    const handle = this.#open.get(name);
    return handle?.kind === 'file' ? handle : undefined;
  }

  folder(name: string): OpenFolder | undefined {
    const handle = this.#open.get(name);
    return handle?.kind === 'folder' ? handle : undefined;
  }

  /** False if there is no such handle. */
  async close(name: string): Promise<boolean> {
    const handle = this.#open.get(name);
    if (handle === undefined) return false;
    this.#open.delete(name);
    if (handle.kind === 'file') await handle.file.close();
    return true;
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((name) => this.close(name)));
  }
}
