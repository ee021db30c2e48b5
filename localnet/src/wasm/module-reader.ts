import { Cursor, InvalidWasmError } from './cursor.ts';

/** Section ids. Source: WebAssembly core spec §5.5.2. */
export const SectionId = {
  Custom: 0,
  Type: 1,
  Import: 2,
  Function: 3,
  Table: 4,
  Memory: 5,
  Global: 6,
  Export: 7,
  Start: 8,
  Element: 9,
  Code: 10,
  Data: 11,
  DataCount: 12,
  Tag: 13,
} as const;

export const ExternKind = { Function: 0, Table: 1, Memory: 2, Global: 3 } as const;

export interface Section {
  readonly id: number;
  readonly body: Uint8Array;
}

export interface FunctionType {
  readonly params: readonly number[];
  readonly results: readonly number[];
}

export interface ImportEntry {
  readonly module: string;
  readonly name: string;
  readonly kind: number;
  /** For functions: the type. */
  readonly type: FunctionType | undefined;
}

export interface ExportEntry {
  readonly name: string;
  readonly kind: number;
  readonly index: number;
}

export interface GlobalEntry {
  readonly index: number;
  readonly isMutable: boolean;
  /** Source: WebAssembly core spec §5.3.1. */
  readonly valueType: number;
}

export interface CustomSection {
  readonly name: string;
  readonly content: Uint8Array;
}

/** What localnet needs to know of a module before V8 compiles it. */
export interface ModuleInfo {
  readonly sections: readonly Section[];
  readonly types: readonly FunctionType[];
  readonly imports: readonly ImportEntry[];
  readonly exports: readonly ExportEntry[];
  /** Type of every function, imported ones first. */
  readonly functionTypes: readonly FunctionType[];
  readonly importedFunctionCount: number;
  readonly tableCount: number;
  readonly memoryCount: number;
  readonly usesMemory64: boolean;
  readonly globals: readonly GlobalEntry[];
  readonly globalCount: number;
  readonly startFunction: number | undefined;
  readonly customSections: readonly CustomSection[];
  readonly dataSegmentCount: number;
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** Splits a module into sections. Throws `InvalidWasmError` on anything malformed. */
export function readSections(bytes: Uint8Array): Section[] {
  if (HEADER.some((expected, at) => bytes[at] !== expected)) {
    throw new InvalidWasmError('magic header or version not detected');
  }
  const cursor = new Cursor(bytes, HEADER.length);
  const sections: Section[] = [];
  while (!cursor.isAtEnd) {
    const id = cursor.byte();
    sections.push({ id, body: cursor.take(cursor.u32()) });
  }
  return sections;
}

/** Parses everything but function bodies. */
export function readModule(bytes: Uint8Array): ModuleInfo {
  const sections = readSections(bytes);
  const of = (id: number): Cursor | undefined => {
    const section = sections.find((candidate) => candidate.id === id);
    return section && new Cursor(section.body);
  };
  const types = readVector(of(SectionId.Type), readFunctionType);
  const imports = readVector(of(SectionId.Import), (cursor) => readImport(cursor, types));
  const ownFunctions = readVector(of(SectionId.Function), (cursor) => typeAt(types, cursor.u32()));
  const importedFunctions = imports.filter(({ kind }) => kind === ExternKind.Function);
  const importedGlobals = imports.filter(({ kind }) => kind === ExternKind.Global).length;
  const memories = readVector(of(SectionId.Memory), readLimits);
  const globals = readVector(of(SectionId.Global), readGlobal);
  const count = (kind: number): number => imports.filter((entry) => entry.kind === kind).length;
  return {
    sections,
    types,
    imports,
    exports: readVector(of(SectionId.Export), readExport),
    functionTypes: [...importedFunctions.map(({ type }) => known(type)), ...ownFunctions],
    importedFunctionCount: importedFunctions.length,
    tableCount: readVector(of(SectionId.Table), readTable).length + count(ExternKind.Table),
    memoryCount: memories.length + count(ExternKind.Memory),
    usesMemory64: memories.some(({ is64 }) => is64),
    globals: globals.map((facts, at) => ({ index: importedGlobals + at, ...facts })),
    globalCount: importedGlobals + globals.length,
    startFunction: of(SectionId.Start)?.u32(),
    customSections: sections.filter(({ id }) => id === SectionId.Custom).map(readCustom),
    dataSegmentCount: of(SectionId.Data)?.u32() ?? 0,
  };
}

function readVector<T>(cursor: Cursor | undefined, readItem: (cursor: Cursor) => T): T[] {
  if (cursor === undefined) return [];
  const length = cursor.u32();
  const items: T[] = [];
  for (let at = 0; at < length; at += 1) items.push(readItem(cursor));
  return items;
}

function readFunctionType(cursor: Cursor): FunctionType {
  if (cursor.byte() !== 0x60) throw new InvalidWasmError('unsupported type form');
  const params = [...cursor.take(cursor.u32())];
  return { params, results: [...cursor.take(cursor.u32())] };
}

function typeAt(types: readonly FunctionType[], index: number): FunctionType {
  return known(types[index]);
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new InvalidWasmError('index out of bounds');
  return value;
}

function readImport(cursor: Cursor, types: readonly FunctionType[]): ImportEntry {
  const module = cursor.name();
  const name = cursor.name();
  const kind = cursor.byte();
  if (kind === ExternKind.Function)
    return { module, name, kind, type: typeAt(types, cursor.u32()) };
  if (kind === ExternKind.Table) readTable(cursor);
  else if (kind === ExternKind.Memory) readLimits(cursor);
  else if (kind === ExternKind.Global) cursor.skip(2);
  else throw new InvalidWasmError('unsupported import kind');
  return { module, name, kind, type: undefined };
}

function readLimits(cursor: Cursor): { is64: boolean } {
  const flags = cursor.byte();
  cursor.skipLeb();
  if ((flags & 1) !== 0) cursor.skipLeb();
  return { is64: (flags & 4) !== 0 };
}

function readTable(cursor: Cursor): void {
  const first = cursor.byte();
  if (first === 0x40) {
    cursor.skip(2);
    readLimits(cursor);
    skipConstantExpression(cursor);
    return;
  }
  readLimits(cursor);
}

function readGlobal(cursor: Cursor): Omit<GlobalEntry, 'index'> {
  const valueType = cursor.byte();
  const isMutable = cursor.byte() === 1;
  skipConstantExpression(cursor);
  return { valueType, isMutable };
}

function readExport(cursor: Cursor): ExportEntry {
  const name = cursor.name();
  const kind = cursor.byte();
  return { name, kind, index: cursor.u32() };
}

function readCustom(section: Section): CustomSection {
  const cursor = new Cursor(section.body);
  const name = cursor.name();
  return { name, content: section.body.slice(cursor.at) };
}

function skipConstantExpression(cursor: Cursor): void {
  for (;;) {
    const opcode = cursor.byte();
    if (opcode === 0x0b) return;
    if (opcode === 0x41 || opcode === 0x42) cursor.skipLeb();
    else if (opcode === 0x43) cursor.skip(4);
    else if (opcode === 0x44) cursor.skip(8);
    else if (opcode === 0x23 || opcode === 0xd2 || opcode === 0xd0) cursor.skipLeb();
    else if (opcode === 0xfd) {
      if (cursor.u32() !== 12) throw new InvalidWasmError('constant expression required');
      cursor.skip(16);
    } else if (!isExtendedConst(opcode)) {
      throw new InvalidWasmError('constant expression required');
    }
  }
}

function isExtendedConst(opcode: number): boolean {
  return (opcode >= 0x6a && opcode <= 0x6c) || (opcode >= 0x7c && opcode <= 0x7e);
}
