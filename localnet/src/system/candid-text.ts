import { IDL } from '@dfinity/candid';

/** Words that must be quoted when they name a field. Source: Candid spec, grammar. */
const KEYWORDS = new Set(
  (
    'blob bool composite_query empty float32 float64 func import int int8 int16 int32 int64 nat ' +
    'nat8 nat16 nat32 nat64 null oneway opt principal query record reserved service text type ' +
    'variant vec'
  ).split(' '),
);

/**
 * The Candid service description of a service built with `IDL`, so that what a canister says it
 * speaks cannot differ from what it decodes. Types given in `names` appear under those names.
 */
export function candidText(
  service: IDL.ServiceClass,
  names: Readonly<Record<string, IDL.Type>> = {},
): string {
  const printer = new TypePrinter(names);
  const methods = service._fields.map(
    ([name, type]) => `  ${fieldName(name)} : ${printer.signature(type)};`,
  );
  return `${printer.definitions()}service : {\n${methods.join('\n')}\n}\n`;
}

class TypePrinter extends IDL.Visitor<boolean, string> {
  readonly #names = new Map<IDL.Type, string>();
  readonly #definitions = new Map<string, string>();

  constructor(names: Readonly<Record<string, IDL.Type>>) {
    super();
    for (const [name, type] of Object.entries(names)) this.#names.set(type, name);
    for (const [name, type] of Object.entries(names)) this.#define(name, type);
  }

  definitions(): string {
    return [...this.#definitions].map(([name, text]) => `type ${name} = ${text};\n`).join('');
  }

  signature(func: IDL.FuncClass): string {
    const list = (types: IDL.Type[]): string => types.map((type) => this.print(type)).join(', ');
    const modes = func.annotations.map((mode) => ` ${mode}`).join('');
    return `(${list(func.argTypes)}) -> (${list(func.retTypes)})${modes}`;
  }

  print(type: IDL.Type): string {
    return this.#names.get(type) ?? type.accept(this, false);
  }

  override visitType<T>(type: IDL.Type<T>): string {
    return type.display();
  }

  override visitOpt<T>(_type: IDL.OptClass<T>, inner: IDL.Type<T>): string {
    return `opt ${this.print(inner)}`;
  }

  override visitVec<T>(_type: IDL.VecClass<T>, inner: IDL.Type<T>): string {
    return Object.is(inner, IDL.Nat8) ? 'blob' : `vec ${this.print(inner)}`;
  }

  override visitTuple<T extends unknown[]>(
    _type: IDL.TupleClass<T>,
    components: IDL.Type[],
  ): string {
    return `record { ${components.map((part) => this.print(part)).join('; ')} }`;
  }

  override visitRecord(_type: IDL.RecordClass, fields: [string, IDL.Type][]): string {
    const parts = fields.map(([name, type]) => `${fieldName(name)} : ${this.print(type)}`);
    return `record { ${parts.join('; ')} }`;
  }

  override visitVariant(_type: IDL.VariantClass, fields: [string, IDL.Type][]): string {
    const parts = fields.map(([name, type]) =>
      type instanceof IDL.NullClass ? fieldName(name) : `${fieldName(name)} : ${this.print(type)}`,
    );
    return `variant { ${parts.join('; ')} }`;
  }

  override visitRec<T>(type: IDL.RecClass<T>, inner: IDL.ConstructType<T>): string {
    if (this.#names.has(type)) return inner.accept(this, true);
    const name = `Recursive${(this.#names.size + 1).toString()}`;
    this.#names.set(type, name);
    this.#define(name, type);
    return name;
  }

  override visitFunc(type: IDL.FuncClass): string {
    return `func ${this.signature(type)}`;
  }

  /** Keeps the place of the definition while its parts may define more. */
  #define(name: string, type: IDL.Type): void {
    this.#definitions.set(name, '');
    this.#definitions.set(name, type.accept(this, true));
  }
}

function fieldName(name: string): string {
  return KEYWORDS.has(name) || !/^[A-Za-z_]\w*$/.test(name) ? JSON.stringify(name) : name;
}
