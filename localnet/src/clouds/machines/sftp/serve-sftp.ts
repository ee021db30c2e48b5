import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { errorCode } from '../files/file-error.ts';
import type { MachineFiles } from '../files/machine-files.ts';
import { OpenHandles } from './open-handles.ts';
import { packets } from './packets.ts';
import { answerHandleRequest } from './handle-requests.ts';
import { answerPathRequest } from './path-requests.ts';
import { type SftpRequest, type SftpSession, status } from './sftp-answers.ts';
import {
  BadPacket,
  bytesField,
  PACKET,
  packet,
  PacketReader,
  STATUS,
  uint32,
} from './sftp-wire.ts';

const VERSION = 3;
/** Offered like OpenSSH's server does; clients replace files by the first. */
const EXTENSIONS = ['posix-rename@openssh.com', 'fsync@openssh.com'];

const STATUS_OF_ERROR: Readonly<Record<string, number>> = {
  ENOENT: STATUS.noSuchFile,
  ENOTDIR: STATUS.noSuchFile,
  EACCES: STATUS.permissionDenied,
  EPERM: STATUS.permissionDenied,
  EROFS: STATUS.permissionDenied,
};

/**
 * Speaks SFTP version 3 on a channel until the client ends it: requests are answered in order, and a
 * client that does not read its answers is waited for. Our own because ssh2's server offers no
 * extensions, without which clients of OpenSSH cannot replace a file.
 * Source: draft-ietf-secsh-filexfer-02; OpenSSH, PROTOCOL section 4.
 */
export async function serveSftp(channel: Duplex, files: MachineFiles): Promise<void> {
  const session = { files, handles: new OpenHandles() };
  try {
    for await (const bytes of packets(channel)) {
      const answer = await answerTo(session, bytes);
      if (!channel.write(answer))
        await Promise.race([once(channel, 'drain'), once(channel, 'close')]);
    }
  } catch (error) {
    if (!(error instanceof BadPacket) && errorCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE')
      throw error;
  } finally {
    await session.handles.closeAll();
  }
}

async function answerTo(session: SftpSession, bytes: Buffer): Promise<Buffer> {
  const type = bytes[0] ?? 0;
  const fields = new PacketReader(bytes.subarray(1));
  if (type === PACKET.init) {
    const offered = EXTENSIONS.flatMap((name) => [bytesField(name), bytesField('1')]);
    return packet(PACKET.version, uint32(VERSION), ...offered);
  }
  const request: SftpRequest = { type, id: uint32(fields.uint32()), fields };
  try {
    const answer =
      (await answerHandleRequest(session, request)) ?? (await answerPathRequest(session, request));
    return answer ?? status(request, STATUS.unsupported);
  } catch (error) {
    if (error instanceof BadPacket) return status(request, STATUS.badMessage, error.message);
    const code = errorCode(error);
    if (code === undefined) throw error;
    return status(request, STATUS_OF_ERROR[code] ?? STATUS.failure, textOf(code));
  }
}

function textOf(code: string): string {
  if (code === 'ENOSPC') return 'No space left on device';
  return code === 'EEXIST' ? 'File exists' : code;
}
