import type { OpenFile } from './open-handles.ts';
import { type SftpRequest, type SftpSession, status } from './sftp-answers.ts';
import {
  attributesField,
  bytesField,
  longName,
  PACKET,
  packet,
  STATUS,
  uint32,
} from './sftp-wire.ts';

const READ_BYTES_MAX = 255 * 1024;
const NAMES_PER_ANSWER = 100;

/** Answers requests about what is open; undefined for others. */
export async function answerHandleRequest(
  session: SftpSession,
  request: SftpRequest,
): Promise<Buffer | undefined> {
  switch (request.type) {
    case PACKET.close: {
      const wasOpen = await session.handles.close(request.fields.text());
      return status(request, wasOpen ? STATUS.ok : STATUS.failure, 'Invalid handle');
    }
    case PACKET.readdir:
      return listMore(session, request);
    case PACKET.read:
    case PACKET.write:
    case PACKET.fstat:
    case PACKET.fsetstat: {
      const open = session.handles.file(request.fields.text());
      if (open === undefined) return status(request, STATUS.failure, 'Invalid handle');
      return answerFileRequest(session, request, open);
    }
    default:
      return undefined;
  }
}

async function answerFileRequest(
  session: SftpSession,
  request: SftpRequest,
  open: OpenFile,
): Promise<Buffer> {
  const { fields } = request;
  switch (request.type) {
    case PACKET.read:
      return readFile(request, open);
    case PACKET.write: {
      const offset = fields.uint64();
      session.files.requireRoom(open.path);
      await writeFile(open, offset, fields.bytes());
      return status(request, STATUS.ok);
    }
    case PACKET.fstat:
      return packet(PACKET.attrs, request.id, attributesField(await open.file.stat()));
    default:
      await session.files.changeOpen(open.file, fields.attributes());
      return status(request, STATUS.ok);
  }
}

async function readFile(request: SftpRequest, open: OpenFile): Promise<Buffer> {
  const offset = request.fields.uint64();
  const length = Math.min(request.fields.uint32(), READ_BYTES_MAX);
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await open.file.read(buffer, 0, length, offset);
  if (bytesRead === 0) return status(request, STATUS.eof);
  return packet(PACKET.data, request.id, bytesField(buffer.subarray(0, bytesRead)));
}

async function writeFile(open: OpenFile, offset: number, bytes: Buffer): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const position = open.appends ? null : offset + written;
    const result = await open.file.write(bytes, written, bytes.length - written, position);
    written += result.bytesWritten;
  }
}

function listMore(session: SftpSession, request: SftpRequest): Buffer {
  const open = session.handles.folder(request.fields.text());
  if (open === undefined) return status(request, STATUS.failure, 'Invalid handle');
  const some = open.left.splice(0, NAMES_PER_ANSWER);
  if (some.length === 0) return status(request, STATUS.eof);
  const entries = some.flatMap(({ name, stats }) => [
    bytesField(name),
    bytesField(longName(name, stats)),
    attributesField(stats),
  ]);
  return packet(PACKET.name, request.id, uint32(some.length), ...entries);
}
