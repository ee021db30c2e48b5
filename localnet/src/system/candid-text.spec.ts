import { IDL } from '@dfinity/candid';
import motoko from 'motoko';
import { describe, expect, it } from 'vitest';
import { candidText } from './candid-text.ts';
import { CMC_SERVICE, CMC_TYPE_NAMES } from './cmc/cmc-idl.ts';
import { CYCLES_LEDGER_SERVICE, CYCLES_TYPE_NAMES } from './cycles-ledger/cycles-idl.ts';
import { ICP_ARCHIVE_SERVICE, ICP_LEDGER_SERVICE, ICP_TYPE_NAMES } from './ledger/icp/icp-idl.ts';
import {
  ICRC_ARCHIVE_SERVICE,
  ICRC_LEDGER_SERVICE,
  LEDGER_TYPE_NAMES,
} from './ledger/icrc/icrc-idl.ts';

/** A node of the Candid syntax tree that the Motoko compiler's own parser gives. */
type Node = string | { readonly name: string; readonly args: readonly Node[] };

const PRIMITIVES: Readonly<Record<string, IDL.Type>> = {
  nat: IDL.Nat,
  int: IDL.Int,
  nat8: IDL.Nat8,
  nat16: IDL.Nat16,
  nat32: IDL.Nat32,
  nat64: IDL.Nat64,
  int16: IDL.Int16,
  bool: IDL.Bool,
  text: IDL.Text,
  null: IDL.Null,
};

/** Reads types back from the syntax tree, independently of how they were written. */
class TypeReader {
  readonly #types = new Map<string, IDL.RecClass>();
  readonly methods = new Map<string, readonly IDL.Type[]>();

  constructor(text: string) {
    const root = motoko.parseCandid(text) as Node;
    const declarations = argsOf(root);
    for (const [name] of declarations.filter(isNamed('TypD')).map(argsOf)) {
      this.#types.set(nameOf(required(name)), IDL.Rec());
    }
    for (const declaration of declarations) this.#read(declaration);
  }

  #read(declaration: Node): void {
    const [first, second] = argsOf(declaration);
    if (isNamed('TypD')(declaration)) {
      const type = this.#type(required(second));
      if (!(type instanceof IDL.ConstructType)) throw new Error('a name for a primitive type');
      this.#types.get(nameOf(required(first)))?.fill(type);
    } else {
      for (const method of argsOf(required(first))) {
        const parts = argsOf(required(argsOf(method)[0]));
        const types = parts.filter((part) => typeof part !== 'string' || !part.startsWith(' '));
        this.methods.set(
          nameOf(method),
          types.map((part) => this.#type(part)),
        );
      }
    }
  }

  #type(node: Node): IDL.Type {
    if (node === 'BlobT') return IDL.Vec(IDL.Nat8);
    if (node === 'PrincipalT') return IDL.Principal;
    const args = argsOf(node);
    const inner = (): IDL.Type => this.#type(required(args[0]));
    switch (nameOf(node)) {
      case 'PrimT':
        return required(PRIMITIVES[nameOf(required(args[0]))]);
      case 'VarT':
        return required(this.#types.get(nameOf(required(args[0]))));
      case 'OptT':
        return IDL.Opt(inner());
      case 'VecT':
        return IDL.Vec(inner());
      case 'RecordT':
        return this.#record(args);
      case 'VariantT':
        return IDL.Variant(this.#fields(args));
      case 'FuncT': {
        const types = args.filter((part) => typeof part !== 'string' || !part.startsWith(' '));
        const [arg, result] = types.map((part) => this.#type(part));
        return IDL.Func([required(arg)], [required(result)], ['query']);
      }
      default:
        throw new Error(`unexpected ${JSON.stringify(node)}`);
    }
  }

  #record(args: readonly Node[]): IDL.Type {
    const isTuple = args.length > 0 && args.every((field, index) => nameOf(field) === `${index}`);
    const fields = this.#fields(args);
    return isTuple ? IDL.Tuple(...Object.values(fields)) : IDL.Record(fields);
  }

  #fields(args: readonly Node[]): Record<string, IDL.Type> {
    return Object.fromEntries(
      args.map((field) => [nameOf(field), this.#type(required(argsOf(field)[0]))]),
    );
  }
}

function argsOf(node: Node): readonly Node[] {
  return typeof node === 'string' ? [] : node.args;
}

function nameOf(node: Node): string {
  return typeof node === 'string' ? node : node.name;
}

function isNamed(name: string): (node: Node) => boolean {
  return (node) => nameOf(node) === name;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('missing part');
  return value;
}

interface Described {
  readonly name: string;
  readonly service: IDL.ServiceClass;
  readonly names: Readonly<Record<string, IDL.Type>>;
}

const SERVICES: readonly Described[] = [
  { name: 'ICP ledger', service: ICP_LEDGER_SERVICE, names: ICP_TYPE_NAMES },
  { name: 'ICP archive', service: ICP_ARCHIVE_SERVICE, names: ICP_TYPE_NAMES },
  { name: 'ICRC ledger', service: ICRC_LEDGER_SERVICE, names: LEDGER_TYPE_NAMES },
  { name: 'ICRC archive', service: ICRC_ARCHIVE_SERVICE, names: LEDGER_TYPE_NAMES },
  { name: 'cycles ledger', service: CYCLES_LEDGER_SERVICE, names: CYCLES_TYPE_NAMES },
  { name: 'CMC', service: CMC_SERVICE, names: CMC_TYPE_NAMES },
];

describe('candidText', () => {
  it.each(SERVICES)('of the $name says the very types it decodes', ({ service, names }) => {
    const { methods } = new TypeReader(candidText(service, names));
    expect([...methods.keys()].sort()).toEqual(service._fields.map(([name]) => name).sort());
    for (const [name, func] of service._fields) {
      const expected = [...func.argTypes, ...func.retTypes];
      const actual = methods.get(name) ?? [];
      expect(actual, name).toHaveLength(expected.length);
      actual.forEach((type, index) => {
        const wanted = required(expected[index]);
        IDL.resetSubtypeCache();
        expect(IDL.subtype(type, wanted), `${name} ${index.toString()}`).toBe(true);
        IDL.resetSubtypeCache();
        expect(IDL.subtype(wanted, type), `${name} ${index.toString()}`).toBe(true);
      });
    }
  });

  it('quotes names that are keywords or not identifiers', () => {
    const odd = IDL.Record({ principal: IDL.Text, 'a-b': IDL.Nat, ok_1: IDL.Bool });
    const service = IDL.Service({ 'do it': IDL.Func([odd], [], []) });
    const { methods } = new TypeReader(candidText(service));
    IDL.resetSubtypeCache();
    expect(IDL.subtype(required(methods.get('do it')?.[0]), odd)).toBe(true);
  });
});
