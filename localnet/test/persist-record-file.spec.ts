import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordFile } from '../src/persist/record-file.ts';
import { StateDirError } from '../src/persist/state-dir-error.ts';

const HEADER_BYTES = 12;
const MAGIC_BYTES = 'localnet journal 1\n'.length;

const payloads = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 12 });

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-file-'));
  path = join(folder, 'journal');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('RecordFile', () => {
  it('gives back what was appended, over any number of openings', () => {
    fc.assert(
      fc.property(fc.array(payloads, { minLength: 1, maxLength: 4 }), (sessions) => {
        RecordFile.create(path).close();
        const expected: Uint8Array[] = [];
        for (const session of sessions) {
          const { file, read } = open();
          expect(read).toEqual(expected);
          for (const payload of session) file.append(payload);
          expected.push(...session);
          expect(file.records).toBe(expected.length);
          file.close();
        }
        expect(readAll()).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('drops a record that was cut short at any byte, and goes on after the one before', () => {
    fc.assert(
      fc.property(payloads, fc.nat(), (written, choice) => {
        write(written);
        const bytes = readFileSync(path).length;
        const cutAt = MAGIC_BYTES + (choice % (bytes - MAGIC_BYTES + 1));
        truncateSync(path, cutAt);
        const whole = wholeRecords(written, cutAt);
        const { file, read } = open();
        expect(read).toEqual(written.slice(0, whole));
        file.append(Uint8Array.of(7));
        file.close();
        expect(readAll()).toEqual([...written.slice(0, whole), Uint8Array.of(7)]);
      }),
      { numRuns: 100 },
    );
  });

  it('refuses a flipped bit anywhere', () => {
    const someRecords = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(someRecords, fc.nat(), fc.nat({ max: 7 }), (written, choice, bit) => {
        write(written);
        const bytes = readFileSync(path);
        const at = choice % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        writeFileSync(path, bytes);
        expect(readAll).toThrow(StateDirError);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses a journal from which a record in the middle is missing', () => {
    write([Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]);
    const bytes = readFileSync(path);
    const recordBytes = HEADER_BYTES + 1;
    const second = MAGIC_BYTES + recordBytes;
    const parts = [bytes.subarray(0, second), bytes.subarray(second + recordBytes)];
    writeFileSync(path, Buffer.concat(parts));
    expect(readAll).toThrow(/record 1 at byte 32 has a wrong header checksum.*--clean/);
  });

  it('refuses a file that is no journal', () => {
    writeFileSync(path, 'something else entirely');
    expect(readAll).toThrow(/does not start as a journal/);
    writeFileSync(path, '');
    expect(readAll).toThrow(/does not start as a journal/);
  });
});

function open(): { file: RecordFile; read: Uint8Array[] } {
  const read: Uint8Array[] = [];
  const file = RecordFile.open(path, (payload) => read.push(payload));
  return { file, read };
}

function readAll(): Uint8Array[] {
  const { file, read } = open();
  file.close();
  return read;
}

function write(written: readonly Uint8Array[]): void {
  const file = RecordFile.create(path);
  for (const payload of written) file.append(payload);
  file.close();
}

function wholeRecords(written: readonly Uint8Array[], fileBytes: number): number {
  let end = MAGIC_BYTES;
  let count = 0;
  for (const payload of written) {
    end += HEADER_BYTES + payload.length;
    if (end > fileBytes) return count;
    count += 1;
  }
  return count;
}
