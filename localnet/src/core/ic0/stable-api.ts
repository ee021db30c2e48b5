import { WASM_PAGE_BYTES } from '../limits.ts';
import { CanisterTrap } from '../trap.ts';
import { ErrorCode } from '../types.ts';
import type { Ic0Host } from './host.ts';

const ACCESS_COST = 20;
/** Charged once per 4 KiB page an execution dirties. Source: dfinity/ic, dirty page overhead. */
const DIRTY_PAGE_COST = 1_000;
/** A 32-bit program can address 4 GiB of stable memory. */
const STABLE32_PAGES_MAX = 65_536;

/** Imports on stable memory, in both address widths. */
export function stableApi(host: Ic0Host): Record<string, (...args: never[]) => unknown> {
  const stable = (): Ic0Host['canister']['stable'] => host.canister.stable;
  return {
    stable_size: () => narrow(stable().sizePages),
    stable_grow: (pages: number) => {
      if (stable().sizePages + (pages >>> 0) > STABLE32_PAGES_MAX) return -1;
      return grow(host, pages >>> 0);
    },
    stable_read: (target: number, offset: number, length: number) => {
      narrow(stable().sizePages);
      read(host, target >>> 0, offset >>> 0, length >>> 0);
    },
    stable_write: (offset: number, source: number, length: number) => {
      narrow(stable().sizePages);
      write(host, offset >>> 0, source >>> 0, length >>> 0);
    },
    stable64_size: () => BigInt(stable().sizePages),
    stable64_grow: (pages: bigint) => BigInt(grow(host, number(pages))),
    stable64_read: (target: bigint, offset: bigint, length: bigint) => {
      read(host, number(target), number(offset), number(length));
    },
    stable64_write: (offset: bigint, source: bigint, length: bigint) => {
      write(host, number(offset), number(source), number(length));
    },
  };
}

/** u64 to number; anything beyond 2^53 is out of every bound that is checked next. */
function number(value: bigint): number {
  const signed = Number(value);
  return signed >= 0 ? signed : Number(BigInt.asUintN(64, value));
}

function narrow(pages: number): number {
  if (pages > STABLE32_PAGES_MAX) {
    throw new CanisterTrap(
      ErrorCode.CanisterTrapped,
      'Canister trapped: 32 bit stable memory api used on a memory larger than 4GB',
    );
  }
  return pages;
}

function grow(host: Ic0Host, pages: number): number {
  const { stable } = host.canister;
  const before = stable.sizePages;
  if ((before + pages) * WASM_PAGE_BYTES > host.subnet.stableMemoryBytesMax) return -1;
  stable.grow(pages);
  return before;
}

function read(host: Ic0Host, target: number, offset: number, length: number): void {
  host.charge(ACCESS_COST + length);
  checkBounds(host, offset, length);
  host.canister.stable.read(offset, host.writable(target, length));
}

function write(host: Ic0Host, offset: number, source: number, length: number): void {
  host.charge(ACCESS_COST + length);
  checkBounds(host, offset, length);
  const { stable } = host.canister;
  stable.write(offset, host.slice(source, length));
  const { execution } = host;
  const newlyDirty = stable.dirtyPageCount - execution.chargedStablePages;
  execution.chargedStablePages = stable.dirtyPageCount;
  if (newlyDirty > 0) host.charge(newlyDirty * DIRTY_PAGE_COST);
}

function checkBounds(host: Ic0Host, offset: number, length: number): void {
  if (offset + length > host.canister.stable.sizeBytes) {
    throw new CanisterTrap(
      ErrorCode.CanisterTrapped,
      'Canister trapped: stable memory out of bounds',
    );
  }
}
