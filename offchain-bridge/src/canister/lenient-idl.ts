import { IDL, idlLabelToId, lebDecode } from '@dfinity/candid';

type Pipe = Parameters<IDL.VariantClass['decodeValue']>[0];

/**
 * A variant that reads a case which only a newer canister knows as `{}`, where the original throws and
 * takes the whole answer with it.
 */
class LenientVariant extends IDL.VariantClass {
  override decodeValue(b: Pipe, t: IDL.Type): Record<string, unknown> {
    const onWire = this.checkType(t);
    if (!(onWire instanceof IDL.VariantClass)) throw new Error('a variant was expected');
    const start = b.save();
    const sent = onWire._fields[Number(lebDecode(b))];
    if (sent === undefined) throw new Error('a variant has no such case');
    const [label, type] = sent;
    if (this.#knows(label)) {
      b.restore(start);
      return super.decodeValue(b, t);
    }
    type.decodeValue(b, type);
    return {};
  }

  #knows(label: string): boolean {
    const id = idlLabelToId(label);
    return this._fields.some(([known]) => idlLabelToId(known) === id);
  }
}

/** The same interface; cases of variants that it does not name are read as `{}`. */
export function lenient(factory: IDL.InterfaceFactory): IDL.InterfaceFactory {
  return ({ IDL: given }) =>
    factory({ IDL: { ...given, Variant: (cases) => new LenientVariant(cases) } });
}
