import { ByteWriter } from './byte-writer.ts';
import { Cursor, sleb, uleb } from './cursor.ts';
import { CHARGE_FUNCTION_TYPE, COUNTER_TYPE, meterCodeSection } from './meter.ts';
import { ExternKind, type ModuleInfo, SectionId } from './module-reader.ts';

/** Names of what the rewriting exports; the NUL keeps them apart from any real export. */
export const HiddenExport = {
  Fuel: '\0fuel',
  Dirty: '\0dirty',
  Memory: '\0memory',
  Table: '\0table',
  Start: '\0start',
  global: (at: number): string => `\0global${at.toString()}`,
} as const;

/** Order in which non-custom sections must stand. Source: core spec §5.5.16. */
const ORDER: readonly number[] = [
  SectionId.Type,
  SectionId.Import,
  SectionId.Function,
  SectionId.Table,
  SectionId.Memory,
  SectionId.Tag,
  SectionId.Global,
  SectionId.Export,
  SectionId.Start,
  SectionId.Element,
  SectionId.DataCount,
  SectionId.Code,
  SectionId.Data,
];

/**
 * Makes a module runnable under rollback and metering: exports every mutable global, the memory and
 * table 0, turns the start function into an export, and inserts instruction counting.
 */
export function rewriteModule(info: ModuleInfo): Uint8Array {
  const typeCount = info.types.length;
  const fuelGlobal = info.globalCount;
  const dirtyGlobal = fuelGlobal + 1;
  const chargeFunction = info.functionTypes.length;
  const ownTypes = info.functionTypes.slice(info.importedFunctionCount);
  const parameterCounts = ownTypes.map(({ params }) => params.length);
  const bodies = new Map<number, Uint8Array[]>();
  for (const section of info.sections) {
    if (section.id === SectionId.Custom || section.id === SectionId.Start) continue;
    bodies.set(section.id, [section.body]);
  }
  extend(bodies, SectionId.Type, CHARGE_FUNCTION_TYPE);
  extend(bodies, SectionId.Function, Uint8Array.from(uleb(typeCount)));
  extend(bodies, SectionId.Global, counterGlobals(), 2);
  const exports = hiddenExports(info, { fuelGlobal, dirtyGlobal });
  extend(bodies, SectionId.Export, concat(exports), exports.length);
  const targets = { fuelGlobal, dirtyGlobal, chargeFunction, parameterCounts };
  const code = info.sections.find(({ id }) => id === SectionId.Code);
  bodies.set(SectionId.Code, [meterCodeSection(code?.body ?? Uint8Array.of(0), targets)]);
  return assemble(bodies);
}

function counterGlobals(): Uint8Array {
  const counter = [COUNTER_TYPE, 1, 0x42, ...sleb(0n), 0x0b];
  return Uint8Array.from([...counter, ...counter]);
}

function hiddenExports(
  info: ModuleInfo,
  { fuelGlobal, dirtyGlobal }: { readonly fuelGlobal: number; readonly dirtyGlobal: number },
): Uint8Array[] {
  const mutable = info.globals.filter(({ isMutable }) => isMutable);
  const entries = mutable.map(({ index }, at) =>
    exportEntry(HiddenExport.global(at), ExternKind.Global, index),
  );
  entries.push(exportEntry(HiddenExport.Fuel, ExternKind.Global, fuelGlobal));
  entries.push(exportEntry(HiddenExport.Dirty, ExternKind.Global, dirtyGlobal));
  if (info.memoryCount > 0) entries.push(exportEntry(HiddenExport.Memory, ExternKind.Memory, 0));
  if (info.tableCount > 0) entries.push(exportEntry(HiddenExport.Table, ExternKind.Table, 0));
  if (info.startFunction !== undefined) {
    entries.push(exportEntry(HiddenExport.Start, ExternKind.Function, info.startFunction));
  }
  return entries;
}

function exportEntry(name: string, kind: number, index: number): Uint8Array {
  const encoded = new TextEncoder().encode(name);
  return Uint8Array.from([...uleb(encoded.length), ...encoded, kind, ...uleb(index)]);
}

/** Appends entries to a vector section, creating it if the module has none. */
function extend(
  bodies: Map<number, Uint8Array[]>,
  id: number,
  entries: Uint8Array,
  addedCount = 1,
): void {
  const old = bodies.get(id)?.[0];
  const cursor = new Cursor(old ?? Uint8Array.of(0));
  const count = cursor.u32();
  const rest = cursor.bytes.subarray(cursor.at);
  bodies.set(id, [Uint8Array.from(uleb(count + addedCount)), rest, entries]);
}

function assemble(bodies: ReadonlyMap<number, readonly Uint8Array[]>): Uint8Array {
  const out = new ByteWriter(1 << 20);
  out.append([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  for (const id of ORDER) {
    const parts = bodies.get(id);
    if (parts === undefined) continue;
    out.append([id, ...uleb(parts.reduce((sum, part) => sum + part.length, 0))]);
    for (const part of parts) out.append(part);
  }
  return out.view();
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const out = new ByteWriter();
  for (const chunk of chunks) out.append(chunk);
  return out.view().slice();
}
