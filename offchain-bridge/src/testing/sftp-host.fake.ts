import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { utils, type SFTPWrapper } from 'ssh2';

const { OPEN_MODE, STATUS_CODE } = utils.sftp;

/** Serves the real files of this machine by SFTP; without OpenSSH's extensions. */
export function serveFiles(sftp: SFTPWrapper, isFull: () => boolean): void {
  const files = new Map<number, FileHandle>();
  let count = 0;
  const answer = (id: number, work: Promise<unknown>): void => {
    work.then(
      () => sftp.status(id, STATUS_CODE.OK),
      (error: unknown) => sftp.status(id, codeOf(error)),
    );
  };
  const fileOf = (handle: Buffer): FileHandle => {
    const file = files.get(handle.readUInt32BE(0));
    if (file === undefined) throw new Error('no such handle');
    return file;
  };
  sftp.on('close', () => {
    for (const file of files.values()) file.close().catch(() => undefined);
  });
  sftp.on('OPEN', (id, path, flags, { mode }) => {
    const isWrite = (flags & OPEN_MODE.WRITE) !== 0;
    open(path, isWrite ? 'w' : 'r', mode).then(
      (file) => {
        const handle = Buffer.alloc(4);
        handle.writeUInt32BE(count);
        files.set(count, file);
        count += 1;
        sftp.handle(id, handle);
      },
      (error: unknown) => sftp.status(id, codeOf(error)),
    );
  });
  sftp.on('READ', (id, handle, offset, length) => {
    const bytes = Buffer.alloc(length);
    fileOf(handle)
      .read(bytes, 0, length, offset)
      .then(
        ({ bytesRead }) => {
          if (bytesRead === 0) sftp.status(id, STATUS_CODE.EOF);
          else sftp.data(id, bytes.subarray(0, bytesRead));
        },
        (error: unknown) => sftp.status(id, codeOf(error)),
      );
  });
  sftp.on('WRITE', (id, handle, offset, data) => {
    if (isFull()) sftp.status(id, STATUS_CODE.FAILURE);
    else answer(id, fileOf(handle).write(data, 0, data.length, offset));
  });
  sftp.on('FSETSTAT', (id, handle, { mode }) => answer(id, fileOf(handle).chmod(mode)));
  sftp.on('CLOSE', (id, handle) => {
    const file = fileOf(handle);
    files.delete(handle.readUInt32BE(0));
    answer(id, file.close());
  });
  sftp.on('RENAME', (id, from, to) => answer(id, rename(from, to)));
  sftp.on('REMOVE', (id, path) => answer(id, unlink(path)));
}

function codeOf(error: unknown): number {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return isMissing ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE;
}
