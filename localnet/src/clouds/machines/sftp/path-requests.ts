import { constants } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { type SftpRequest, type SftpSession, status } from './sftp-answers.ts';
import { attributesField, bytesField, PACKET, packet, STATUS, uint32 } from './sftp-wire.ts';

const READ = 1;
const WRITE = 2;
const APPEND = 4;
const CREATE = 8;
const TRUNCATE = 16;
const EXCLUSIVE = 32;

const FILE_MODE = 0o666;
const FOLDER_MODE = 0o777;

const FLAGS: readonly (readonly [wire: number, host: number])[] = [
  [CREATE, constants.O_CREAT],
  [TRUNCATE, constants.O_TRUNC],
  [EXCLUSIVE, constants.O_EXCL],
];

/** Answers requests that name a path; undefined for others. */
export async function answerPathRequest(
  session: SftpSession,
  request: SftpRequest,
): Promise<Buffer | undefined> {
  const { fields } = request;
  switch (request.type) {
    case PACKET.open:
      return openFile(session, request);
    case PACKET.opendir:
      return openFolder(session, request);
    case PACKET.stat:
      return attributes(request, await session.files.stat(pathOf(request)));
    case PACKET.lstat:
      return attributes(request, await session.files.lstat(pathOf(request)));
    case PACKET.realpath:
      return name(request, await session.files.realPath(pathOf(request)));
    case PACKET.readlink:
      return name(request, await session.files.readLink(pathOf(request)));
    case PACKET.setstat:
      await session.files.change(pathOf(request), fields.attributes());
      return status(request, STATUS.ok);
    case PACKET.extended:
      return extended(session, request);
    default:
      return await changeNames(session, request);
  }
}

async function changeNames(
  { files }: SftpSession,
  request: SftpRequest,
): Promise<Buffer | undefined> {
  const { fields } = request;
  switch (request.type) {
    case PACKET.mkdir:
      await files.makeFolder(pathOf(request), fields.attributes().mode ?? FOLDER_MODE);
      break;
    case PACKET.remove:
      await files.removeFile(pathOf(request));
      break;
    case PACKET.rmdir:
      await files.removeFolder(pathOf(request));
      break;
    case PACKET.rename:
      await files.rename(pathOf(request), pathOf(request), { replaces: false });
      break;
    case PACKET.symlink: {
      // OpenSSH has the two the other way round than the draft, and so have all its clients.
      const target = fields.text();
      await files.makeLink(pathOf(request), target);
      break;
    }
    default:
      return undefined;
  }
  return status(request, STATUS.ok);
}

async function extended(session: SftpSession, request: SftpRequest): Promise<Buffer> {
  switch (request.fields.text()) {
    case 'posix-rename@openssh.com':
      await session.files.rename(pathOf(request), pathOf(request), { replaces: true });
      return status(request, STATUS.ok);
    case 'fsync@openssh.com': {
      const open = session.handles.file(request.fields.text());
      if (open === undefined) return status(request, STATUS.failure);
      await open.file.sync();
      return status(request, STATUS.ok);
    }
    default:
      return status(request, STATUS.unsupported);
  }
}

async function openFile(session: SftpSession, request: SftpRequest): Promise<Buffer> {
  const path = pathOf(request);
  const wire = request.fields.uint32();
  const mode = request.fields.attributes().mode ?? FILE_MODE;
  if (session.handles.isFull) return status(request, STATUS.failure, 'Too many open files');
  const set = FLAGS.filter(([bit]) => (wire & bit) !== 0).map(([, flag]) => flag);
  const flags = set.reduce((all, flag) => all | flag, accessOf(wire));
  const file = await session.files.open(path, { flags, mode });
  const appends = (wire & APPEND) !== 0;
  const handle = session.handles.add({ kind: 'file', path, file, appends });
  return packet(PACKET.handle, request.id, bytesField(handle));
}

function accessOf(wire: number): number {
  const append = wire & APPEND ? constants.O_APPEND : 0;
  if ((wire & WRITE) === 0) return constants.O_RDONLY;
  return append | (wire & READ ? constants.O_RDWR : constants.O_WRONLY);
}

async function openFolder(session: SftpSession, request: SftpRequest): Promise<Buffer> {
  const path = pathOf(request);
  if (session.handles.isFull) return status(request, STATUS.failure, 'Too many open files');
  const self = { name: '.', stats: await session.files.stat(path) };
  const left = [self, ...(await session.files.list(path))];
  return packet(
    PACKET.handle,
    request.id,
    bytesField(session.handles.add({ kind: 'folder', left })),
  );
}

/** Relative paths start in root's home, where sessions start. */
function pathOf(request: SftpRequest): string {
  const path = request.fields.text();
  return path.startsWith('/') ? path : `/root/${path}`;
}

function attributes(request: SftpRequest, stats: Stats): Buffer {
  return packet(PACKET.attrs, request.id, attributesField(stats));
}

function name(request: SftpRequest, text: string): Buffer {
  return packet(PACKET.name, request.id, uint32(1), bytesField(text), bytesField(text), uint32(0));
}
