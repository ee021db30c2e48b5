/** Part of the stored form: never changed. */
export const PAGE_BYTES = 4_096;
/** 64 KiB from the start: how it began. */
const HEAD_PAGES = 16;
/** 192 KiB to the end: how it went on. */
const TAIL_PAGES = 48;

/** What is kept of a log of `totalBytes`: all of it, or its first pages and its newest. */
export interface KeptLog {
  readonly totalBytes: number;
  /** Bytes that are gone from the middle. */
  readonly droppedBytes: number;
  /** Where they were; the same as where the kept rest starts if there are none. */
  readonly droppedFrom: number;
  readonly restFrom: number;
}

/** The page that holds the last byte; -1 of nothing. */
function lastPage(totalBytes: number): number {
  return Math.ceil(totalBytes / PAGE_BYTES) - 1;
}

/** The first page of the newest ones that are kept. */
function restPage(totalBytes: number): number {
  return Math.max(HEAD_PAGES, lastPage(totalBytes) - TAIL_PAGES + 1);
}

export function keptOf(totalBytes: number): KeptLog {
  const droppedFrom = HEAD_PAGES * PAGE_BYTES;
  const restFrom = restPage(totalBytes) * PAGE_BYTES;
  return { totalBytes, droppedBytes: restFrom - droppedFrom, droppedFrom, restFrom };
}

/** Numbers of the pages that go when a log grows. */
export function pagesToDrop(growth: {
  readonly fromBytes: number;
  readonly toBytes: number;
}): readonly number[] {
  const first = restPage(growth.fromBytes);
  const count = restPage(growth.toBytes) - first;
  return Array.from({ length: count }, (_page, index) => first + index);
}

/** Numbers of the pages that a log of `totalBytes` has. */
export function pagesKept(totalBytes: number): readonly number[] {
  const last = lastPage(totalBytes);
  const rest = restPage(totalBytes);
  const pages: number[] = [];
  for (let page = 0; page <= last && page < HEAD_PAGES; page += 1) pages.push(page);
  for (let page = rest; page <= last; page += 1) pages.push(page);
  return pages;
}

/** The first byte from `offset` on that is still there. */
export function keptFrom(offset: number, totalBytes: number): number {
  const { droppedFrom, restFrom } = keptOf(totalBytes);
  return offset >= droppedFrom && offset < restFrom ? restFrom : offset;
}
