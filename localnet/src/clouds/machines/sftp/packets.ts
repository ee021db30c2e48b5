import { BadPacket } from './sftp-wire.ts';

/** As OpenSSH's sftp-server: the longest message that it takes. */
const PACKET_BYTES_MAX = 256 * 1024;

/** Cuts a stream of bytes into packets, without their lengths. Throws `BadPacket` at a bad length. */
export async function* packets(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of stream) {
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes < neededBytes(held)) continue;
    let rest = Buffer.concat(held);
    while (rest.length >= neededBytes([rest])) {
      const end = neededBytes([rest]);
      yield rest.subarray(4, end);
      rest = rest.subarray(end);
    }
    held = [rest];
    heldBytes = rest.length;
  }
}

/** How many bytes there must be for the next packet to be whole. */
function neededBytes(held: readonly Buffer[]): number {
  const [first] = held;
  if (first === undefined || first.length < 4) {
    const start = Buffer.concat(held).subarray(0, 4);
    return start.length < 4 ? 4 : lengthOf(start);
  }
  return lengthOf(first);
}

function lengthOf(start: Buffer): number {
  const length = start.readUInt32BE();
  if (length === 0 || length > PACKET_BYTES_MAX) throw new BadPacket(`a packet of ${length} bytes`);
  return 4 + length;
}
