import type { Stats } from 'node:fs';
import type { FileChanges } from '../files/machine-files.ts';

/** Packet types of SFTP version 3. Source: draft-ietf-secsh-filexfer-02, section 3. */
export const PACKET = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
  extended: 200,
} as const;

export const STATUS = {
  ok: 0,
  eof: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  unsupported: 8,
} as const;

const ATTR_SIZE = 1;
const ATTR_OWNER = 2;
const ATTR_MODE = 4;
const ATTR_TIMES = 8;
const ATTR_EXTENDED = 0x8000_0000;
const ALL_ATTRS = ATTR_SIZE | ATTR_OWNER | ATTR_MODE | ATTR_TIMES;

export class BadPacket extends Error {}

/** Reads the fields of one packet. Throws `BadPacket` where it is too short. */
export class PacketReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  uint32(): number {
    return this.#take(4).readUInt32BE();
  }

  /** Files of 2^53 bytes and more are beyond every machine. */
  uint64(): number {
    const value = this.#take(8).readBigUInt64BE();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new BadPacket('a number is too large');
    return Number(value);
  }

  bytes(): Buffer {
    return this.#take(this.uint32());
  }

  text(): string {
    return this.bytes().toString('utf8');
  }

  /** Owners are read and left out. */
  attributes(): FileChanges {
    const flags = this.uint32();
    const size = flags & ATTR_SIZE ? this.uint64() : undefined;
    if (flags & ATTR_OWNER) this.#take(8);
    const mode = flags & ATTR_MODE ? this.uint32() : undefined;
    const times =
      flags & ATTR_TIMES ? { accessedAtS: this.uint32(), modifiedAtS: this.uint32() } : undefined;
    if (flags & ATTR_EXTENDED) this.#skipExtended();
    return {
      ...(size !== undefined && { size }),
      ...(mode !== undefined && { mode }),
      ...(times !== undefined && { times }),
    };
  }

  #skipExtended(): void {
    for (let left = this.uint32(); left > 0; left -= 1) {
      this.bytes();
      this.bytes();
    }
  }

  #take(count: number): Buffer {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw new BadPacket('a packet is too short');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

export function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** With its length before it. */
export function bytesField(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** Everything in a machine is root's. */
export function attributesField(stats: Stats): Buffer {
  return Buffer.concat([
    uint32(ALL_ATTRS),
    uint64(stats.size),
    uint32(0),
    uint32(0),
    uint32(stats.mode),
    uint32(Math.floor(stats.atimeMs / 1000)),
    uint32(Math.floor(stats.mtimeMs / 1000)),
  ]);
}

/** A whole packet: its length, its type, and its fields. */
export function packet(type: number, ...fields: Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from([type]), ...fields]);
  return Buffer.concat([uint32(body.length), body]);
}

const KINDS: readonly (readonly [test: (stats: Stats) => boolean, letter: string])[] = [
  [(stats) => stats.isDirectory(), 'd'],
  [(stats) => stats.isSymbolicLink(), 'l'],
  [(stats) => stats.isFIFO(), 'p'],
  [(stats) => stats.isSocket(), 's'],
];

/** A line as `ls -l` prints it: what people see in `sftp`. */
export function longName(name: string, stats: Stats): string {
  const kind = KINDS.find(([test]) => test(stats))?.[1] ?? '-';
  const rights = [6, 3, 0].map((shift) => {
    const bits = (stats.mode >> shift) & 7;
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
  });
  const changed = stats.mtime.toISOString().slice(0, 16).replace('T', ' ');
  const size = String(stats.size).padStart(8);
  return `${kind}${rights.join('')} ${String(stats.nlink).padStart(3)} root root ${size} ${changed} ${name}`;
}
