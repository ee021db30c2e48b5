import type { SFTPWrapper } from 'ssh2';
import { WorkError } from '../core/work-error.ts';

export type SftpSession = SFTPWrapper;

/** Source: draft-ietf-secsh-filexfer-02 §7. */
const END_OF_FILE = 1;
const NO_SUCH_FILE = 2;
/** What every server takes in one request. */
const CHUNK_BYTES = 32 * 1_024;

type Callback<T> = (error: Error | null | undefined, value: T) => void;

/**
 * Writes beside, then renames: nobody sees a part of it. The mode is set before anything is in the file.
 *
 * Errors: `config` if the machine does not store it.
 */
export async function uploadWhole(
  sftp: SftpSession,
  file: { readonly path: string; readonly bytes: Uint8Array; readonly mode: number },
): Promise<void> {
  const { path, bytes, mode } = file;
  const part = `${path}.part`;
  try {
    const handle = await asked<Buffer>((done) => sftp.open(part, 'w', { mode }, done));
    await done((end) => sftp.fchmod(handle, mode, end));
    const data = Buffer.from(bytes);
    for (let at = 0; at < data.length; at += CHUNK_BYTES) {
      const length = Math.min(CHUNK_BYTES, data.length - at);
      await done((end) => sftp.write(handle, data, at, length, at, end));
    }
    await done((end) => sftp.close(handle, end));
    await replace(sftp, part, path);
  } catch (error) {
    throw failure(
      error,
      `The machine does not store the file ${path}: its disk is full, or may not be written to.`,
    );
  }
}

/** Bytes from an offset on; undefined without such a file. Errors: `config` if it cannot be read. */
export async function readPart(
  sftp: SftpSession,
  part: { readonly path: string; readonly offset: number; readonly maxBytes: number },
): Promise<Uint8Array | undefined> {
  const { path, offset, maxBytes } = part;
  try {
    const handle = await asked<Buffer>((found) => sftp.open(path, 'r', found));
    const bytes = Buffer.alloc(maxBytes);
    let length = 0;
    while (length < maxBytes) {
      const wanted = Math.min(CHUNK_BYTES, maxBytes - length);
      const count = await asked<number>((found) =>
        sftp.read(handle, bytes, length, wanted, offset + length, found),
      ).catch(zeroAtEnd);
      if (count === 0) break;
      length += count;
    }
    await done((end) => sftp.close(handle, end));
    return bytes.subarray(0, length);
  } catch (error) {
    if (codeOf(error) === NO_SUCH_FILE) return undefined;
    throw failure(error, `The machine does not give out the file ${path}.`);
  }
}

/** By OpenSSH's extension, which replaces at once; elsewhere the old file has to go first. */
async function replace(sftp: SftpSession, from: string, to: string): Promise<void> {
  try {
    await done((end) => sftp.ext_openssh_rename(from, to, end));
  } catch {
    await done((end) => sftp.unlink(to, end)).catch(unlessMissing);
    await done((end) => sftp.rename(from, to, end));
  }
}

function asked<T>(ask: (callback: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, value) => {
      if (error === null || error === undefined) resolve(value);
      else reject(error);
    });
  });
}

function done(ask: (callback: (error?: Error | null) => void) => void): Promise<void> {
  return asked<undefined>((callback) => ask((error) => callback(error, undefined)));
}

/** Only an answer of the machine has a number; else there was none. */
function failure(error: unknown, message: string): WorkError {
  return typeof codeOf(error) === 'number'
    ? new WorkError('config', message, { cause: error })
    : new WorkError('transient', 'The connection to the machine was lost.', { cause: error });
}

function zeroAtEnd(error: unknown): number {
  if (codeOf(error) === END_OF_FILE) return 0;
  throw error;
}

function unlessMissing(error: unknown): void {
  if (codeOf(error) !== NO_SUCH_FILE) throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
