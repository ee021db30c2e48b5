import type { MachineFiles } from '../files/machine-files.ts';
import type { OpenHandles } from './open-handles.ts';
import { bytesField, PACKET, packet, type PacketReader, STATUS, uint32 } from './sftp-wire.ts';

/** One request; its fields after the id are still to be read. */
export interface SftpRequest {
  readonly type: number;
  readonly id: Buffer;
  readonly fields: PacketReader;
}

export interface SftpSession {
  readonly files: MachineFiles;
  readonly handles: OpenHandles;
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  [STATUS.ok]: 'Success',
  [STATUS.eof]: 'End of file',
  [STATUS.noSuchFile]: 'No such file',
  [STATUS.permissionDenied]: 'Permission denied',
  [STATUS.unsupported]: 'Operation unsupported',
};

/** A STATUS packet; the detail is told where the code says too little. */
export function status(request: SftpRequest, code: number, detail = 'Failure'): Buffer {
  const text = STATUS_TEXT[code] ?? detail;
  return packet(PACKET.status, request.id, uint32(code), bytesField(text), bytesField(''));
}
