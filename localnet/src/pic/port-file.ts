import { connect } from 'node:net';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';

const LOOPBACK = '127.0.0.1';

/**
 * The file a starting client polls for the port. It appears complete, with a newline at its end, or
 * not at all; a client that finds one is served by whoever listens there.
 */
export class PortFile {
  readonly #path: string;
  #port: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** True if the file names a port that somebody listens on; a left-over file is not in the way. */
  async isServed(): Promise<boolean> {
    const port = await readPort(this.#path);
    return port !== undefined && (await isListening(port));
  }

  async write(port: number): Promise<void> {
    const draft = `${this.#path}.${process.pid}`;
    await writeFile(draft, contentFor(port));
    await rename(draft, this.#path);
    this.#port = port;
  }

  /** Removes the file if it still names our port. */
  async remove(): Promise<void> {
    if (this.#port === undefined || (await readPort(this.#path)) !== this.#port) return;
    await rm(this.#path, { force: true });
  }
}

function contentFor(port: number): string {
  return `${port}\n`;
}

async function readPort(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  return /^\d{1,5}\n$/.test(text) ? Number(text) : undefined;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK);
    const settle = (listens: boolean): void => {
      socket.destroy();
      resolve(listens);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
