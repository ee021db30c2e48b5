import type { CanisterView, MetadataSection, Replica } from '../core/replica-api.ts';
import { equalBytes, utf8 } from '../crypto/bytes.ts';
import { encodeCbor } from '../crypto/cbor.ts';
import { EMPTY, leaf } from '../crypto/hash-tree.ts';
import {
  forestOf,
  withLabel,
  withoutLabel,
  type Forest,
  type FullTree,
} from '../crypto/label-forest.ts';

/** What of a canister is certified. */
type CertifiedView = Pick<
  CanisterView,
  'id' | 'controllers' | 'moduleHash' | 'certifiedData' | 'metadata'
>;

/**
 * The subtree `/canister`, kept up to date: only canisters that changed are encoded and hashed.
 * Source: IC interface spec, "Canister information" and "Certified data".
 */
export class CanisterTree {
  readonly #replica: Replica;
  readonly #known = new Map<string, CertifiedView>();
  #forest: Forest = EMPTY;

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  sync(): Forest {
    const gone = new Set(this.#known.keys());
    for (const id of this.#replica.canisterIds()) {
      const view = this.#replica.canister(id);
      if (view === undefined) continue;
      gone.delete(id.toHex());
      this.#update(view);
    }
    for (const key of gone) {
      const view = this.#known.get(key);
      this.#known.delete(key);
      if (view) this.#forest = withoutLabel(this.#forest, view.id.toUint8Array());
    }
    return this.#forest;
  }

  #update(view: CanisterView): void {
    const key = view.id.toHex();
    const known = this.#known.get(key);
    if (known !== undefined && isSame(known, view)) return;
    const { id, controllers, moduleHash, metadata } = view;
    const certifiedData = new Uint8Array(view.certifiedData);
    const certified = { id, controllers: [...controllers], moduleHash, certifiedData, metadata };
    this.#known.set(key, certified);
    this.#forest = withLabel(this.#forest, id.toUint8Array(), canisterSubtree(certified));
  }
}

function canisterSubtree(view: CertifiedView): Forest {
  const controllers = view.controllers.map((controller) => controller.toUint8Array());
  const entries: [Uint8Array, FullTree][] = [[utf8('controllers'), leaf(encodeCbor(controllers))]];
  if (view.moduleHash !== undefined) {
    entries.push([utf8('certified_data'), leaf(view.certifiedData)]);
    entries.push([utf8('module_hash'), leaf(view.moduleHash)]);
    entries.push([utf8('metadata'), metadataSubtree(view.metadata)]);
  }
  return forestOf(entries);
}

function metadataSubtree(sections: readonly MetadataSection[]): Forest {
  return forestOf(sections.map(({ name, content }) => [utf8(name), leaf(content)]));
}

function isSame(a: CertifiedView, b: CertifiedView): boolean {
  return (
    equalBytes(a.certifiedData, b.certifiedData) &&
    isSameModule(a, b) &&
    a.controllers.length === b.controllers.length &&
    a.controllers.every((each, index) => each.toHex() === b.controllers[index]?.toHex())
  );
}

/** Metadata is part of the module, so the hash stands for it. */
function isSameModule(a: CertifiedView, b: CertifiedView): boolean {
  if (a.moduleHash === undefined || b.moduleHash === undefined) {
    return a.moduleHash === b.moduleHash;
  }
  return equalBytes(a.moduleHash, b.moduleHash);
}
