import { utf8 } from '../../crypto/bytes.ts';
import { encodeCbor } from '../../crypto/cbor.ts';
import { hashTreeToCbor } from '../../crypto/hash-tree-cbor.ts';
import { EMPTY, leaf, type HashTree } from '../../crypto/hash-tree.ts';
import { neighbourhood, type Forest } from '../../crypto/label-forest.ts';
import type { Path } from '../../crypto/tree-lookup.ts';
import { witness } from '../../crypto/witness.ts';
import { FALLBACK_KEY, pathSegments } from './asset-paths.ts';
import { assetResponses, NOT_FOUND } from './asset-responses.ts';
import type { Asset, HeaderField } from './asset-types.ts';
import { principalEncoding } from './encoding-choice.ts';
import { withoutPath, withPath } from './forest-path.ts';
import { responseEntries } from './response-certification.ts';

const EXPRESSIONS = 'http_expr';
const ASSETS = 'http_assets';
const EXACT = '<$>';
const WILDCARD = '<*>';

type AssetLookup = (path: string) => Asset | undefined;

/**
 * The hash tree behind a canister's certified data: which responses are right for which path (v2)
 * and the body hash of each path (v1). Holds exactly what the assets say, whatever the history.
 *
 * Source: HTTP gateway protocol, "Response Verification" and "Legacy Response Verification".
 */
export class AssetCertification {
  #tree: Forest = EMPTY;

  constructor() {
    this.#certifyFallback(undefined);
  }

  get rootHash(): Uint8Array {
    return this.#tree.hash;
  }

  /** Brings the given paths, and the fallback if it is among them, up to date. */
  refresh(paths: Iterable<string>, assetAt: AssetLookup): void {
    for (const path of paths) {
      const asset = assetAt(path);
      this.#certifyPath(path, asset);
      if (path === FALLBACK_KEY) this.#certifyFallback(asset);
    }
  }

  /** The `IC-Certificate` header that proves a response for `path`, or that none is certified. */
  certificateHeader(proof: {
    readonly path: string;
    readonly certificate: Uint8Array;
    readonly version: 1 | 2;
  }): HeaderField {
    const certificate = `certificate=${structuredBytes(proof.certificate)}`;
    if (proof.version === 1) {
      const tree = structuredBytes(treeBytes(witness(this.#tree, this.#pathsV1(proof.path))));
      return ['IC-Certificate', `${certificate}, tree=${tree}`];
    }
    const exact = exactPath(proof.path);
    const isExact = hasPath(this.#tree, exact.map(utf8));
    const paths = isExact ? [exact] : [exact, ...wildcardPaths(exact)];
    const tree = treeBytes(
      witness(
        this.#tree,
        paths.map((path) => path.map(utf8)),
      ),
    );
    const expressionPath = encodeCbor(isExact ? exact : [EXPRESSIONS, WILDCARD]);
    return [
      'IC-Certificate',
      `version=2, ${certificate}, tree=${structuredBytes(tree)}, ` +
        `expr_path=${structuredBytes(expressionPath)}`,
    ];
  }

  /** The whole tree as CBOR. */
  treeBytes(): Uint8Array {
    return treeBytes(this.#tree);
  }

  #certifyPath(path: string, asset: Asset | undefined): void {
    const exact = exactPath(path).map(utf8);
    const body = [utf8(ASSETS), utf8(path)];
    const principal = asset === undefined ? undefined : principalEncoding(asset.encodings);
    const encoding = principal === undefined ? undefined : asset?.encodings.get(principal);
    if (asset === undefined || encoding === undefined) {
      this.#tree = withoutPath(withoutPath(this.#tree, exact), body);
      return;
    }
    const tree = withPath(this.#tree, exact, responseEntries(assetResponses(asset)));
    this.#tree = withPath(tree, body, leaf(encoding.sha256));
  }

  #certifyFallback(asset: Asset | undefined): void {
    const responses = asset === undefined ? [] : assetResponses(asset);
    this.#tree = withPath(
      this.#tree,
      [utf8(EXPRESSIONS), utf8(WILDCARD)],
      responseEntries(responses.length === 0 ? [NOT_FOUND] : responses),
    );
  }

  /** The path itself and, where it is absent, the fallback. */
  #pathsV1(path: string): Path[] {
    const own = [utf8(ASSETS), utf8(path)];
    const fallback = [utf8(ASSETS), utf8(FALLBACK_KEY)];
    return hasPath(this.#tree, own) ? [own] : [own, fallback];
  }
}

function exactPath(path: string): string[] {
  return [EXPRESSIONS, ...pathSegments(path), EXACT];
}

/** Every wildcard that could answer: a verifier wants proof that no closer one exists. */
function wildcardPaths(exact: readonly string[]): string[][] {
  return exact.slice(1).flatMap((_, index) => {
    const prefix = exact.slice(0, index + 1);
    return [
      [...prefix, WILDCARD],
      [...prefix, '', WILDCARD],
    ];
  });
}

function hasPath(forest: Forest, path: Path): boolean {
  const [label, ...rest] = path;
  if (label === undefined) return true;
  const place = neighbourhood(forest, label);
  if (place.kind === 'gap') return false;
  if (place.entry.child.kind === 'leaf') return rest.length === 0;
  return hasPath(place.entry.child, rest);
}

function treeBytes(tree: HashTree): Uint8Array {
  return encodeCbor(hashTreeToCbor(tree));
}

/** A byte sequence in a structured header. Source: RFC 8941, section 3.3.5. */
function structuredBytes(bytes: Uint8Array): string {
  return `:${Buffer.from(bytes).toString('base64')}:`;
}
