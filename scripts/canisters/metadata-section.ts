const CUSTOM_SECTION = 0;

/**
 * A Wasm module with one more `icp:public` section, which any client reads from the certified state:
 * tools find a canister's contract in `candid:service`. Source: IC interface spec, "Wasm modules".
 */
export function withPublicMetadata(
  module: Uint8Array,
  section: { readonly name: string; readonly content: Uint8Array },
): Uint8Array {
  const name = Buffer.from(`icp:public ${section.name}`);
  const body = Buffer.concat([leb128(name.length), name, section.content]);
  return Buffer.concat([module, Uint8Array.of(CUSTOM_SECTION), leb128(body.length), body]);
}

function leb128(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 0x80;
    rest = Math.floor(rest / 0x80);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}
