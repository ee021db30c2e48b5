import { Principal } from '@dfinity/principal';
import { concatBytes } from '@noble/hashes/utils.js';
import { utf8 } from '../../src/crypto/bytes.ts';
import { encodeCbor, type CborInput } from '../../src/crypto/cbor.ts';
import {
  callContent,
  delegate,
  envelopeBody,
  readStateContent,
  type Content,
  type Signer,
} from './ic-request.ts';
import type { SeededRandom } from './seeded-random.ts';

const SECOND_NS = 1_000_000_000n;
const MANAGEMENT = Principal.managementCanister();

/** One request to send. */
export interface BadRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array | undefined;
  /** True where a read may be answered after all, because nothing forbids it. */
  readonly mayAnswer: boolean;
}

export interface Target {
  readonly canisterId: Principal;
  readonly absentId: Principal;
  readonly subnetId: Principal;
  readonly nowNs: bigint;
  readonly owner: Signer;
  readonly strangers: readonly Signer[];
  /** Calls that have run already. */
  readonly executed: readonly Uint8Array[];
}

const CALL_VERSIONS = ['v2', 'v3', 'v4'];
const READ_VERSIONS = ['v2', 'v3'];
const MANAGEMENT_METHODS = [
  'install_code',
  'start_canister',
  'stop_canister',
  'delete_canister',
  'update_settings',
  'uninstall_code',
  'canister_status',
  'upload_chunk',
  'install_chunked_code',
  'raw_rand',
  'http_request',
  'create_canister',
  'deposit_cycles',
  'sign_with_ecdsa',
  'no_such_method',
];
const LABELS = ['time', 'subnet', 'canister', 'request_status', 'canister_ranges', 'metadata'];
const LEAVES = ['controllers', 'module_hash', 'status', 'reply', 'node', 'public_key', 'secret'];

/** Makes requests that must change nothing, a kind at a time. */
export class BadRequests {
  readonly #random: SeededRandom;
  readonly #target: Target;

  constructor(random: SeededRandom, target: Target) {
    this.#random = random;
    this.#target = target;
  }

  /** The kinds of bad request, by name. */
  kinds(): Record<string, () => BadRequest> {
    return {
      'random bytes': () => this.#post(this.#random.bytes(this.#random.below(200))),
      'random CBOR': () => this.#post(encodeCbor({ content: this.#randomValue(4) })),
      'mutated envelope': () => this.#post(this.#mutate(this.#validBody())),
      'wrong signature': () => this.#wrongSignature(),
      'wrong delegation': () => this.#wrongDelegation(),
      'outside of its expiry': () => this.#outsideExpiry(),
      'unknown method or canister': () => this.#unknown(),
      'management call': () => this.#management(),
      'random path': () => this.#randomPath(),
      'random state path': () => this.#randomStatePath(),
    };
  }

  /** A call that has run, to be sent again. */
  replay(): BadRequest {
    const version = this.#random.pick(CALL_VERSIONS);
    const body = this.#random.pick(this.#target.executed);
    const path = `/api/${version}/canister/${this.#target.canisterId.toText()}/call`;
    return { method: 'POST', path, body, mayAnswer: true };
  }

  oversized(): BadRequest {
    const isBeyondAll = this.#random.chance(4);
    const size = (isBeyondAll ? 5 : 2) * 1024 * 1024;
    const content = this.#call({ method: 'inc', arg: new Uint8Array(size) });
    const body = envelopeBody({ content, sender: this.#target.owner });
    return this.#to('call', body);
  }

  #validBody(): Uint8Array {
    const { owner, nowNs } = this.#target;
    const sender = owner.principal;
    const expiryNs = nowNs + 60n * SECOND_NS;
    const content = this.#random.pick([
      this.#call({ method: 'inc' }),
      this.#call({ kind: 'query', method: 'get' }),
      readStateContent({ sender, paths: [[utf8('subnet')]], expiryNs }),
    ]);
    return envelopeBody({ content, sender: owner });
  }

  #mutate(body: Uint8Array): Uint8Array {
    const at = this.#random.below(body.length);
    const changed = (): Uint8Array =>
      body.with(at, (body[at] ?? 0) ^ (1 + this.#random.below(255)));
    switch (this.#random.below(4)) {
      case 0:
        return body.slice(0, at);
      case 1:
        return concatBytes(body.slice(0, at), this.#random.bytes(1), body.slice(at));
      case 2:
        return concatBytes(body.slice(0, at), body.slice(at + 1));
      default:
        return changed();
    }
  }

  #wrongSignature(): BadRequest {
    const { owner } = this.#target;
    const other = this.#random.pick(this.#target.strangers);
    const content = this.#call({ method: 'inc' });
    const wrongKey = { content, sender: owner, signer: other };
    const wrongBytes = { ...owner, sign: () => this.#random.bytes(this.#random.below(80)) };
    const body = this.#random.pick([
      () => envelopeBody(wrongKey),
      () => envelopeBody({ content, sender: wrongBytes }),
      () => envelopeBody({ content, sender: other }),
      () => envelopeBody({ content }),
      () => encodeCbor({ content, sender_pubkey: this.#random.bytes(44), sender_sig: utf8('x') }),
    ])();
    return this.#to('call', body);
  }

  #wrongDelegation(): BadRequest {
    const { owner, nowNs, canisterId, absentId } = this.#target;
    const session = this.#random.pick(this.#target.strangers);
    const expirationNs = nowNs + SECOND_NS;
    const good = delegate(owner, session, { expirationNs });
    const delegations = this.#random.pick([
      () => [delegate(owner, session, { expirationNs: nowNs - 1n })],
      () => [delegate(owner, session, { expirationNs, targets: [absentId.toUint8Array()] })],
      () => [delegate(owner, session, { expirationNs, targets: [] })],
      () => [delegate(owner, session, { expirationNs, permissions: 'queries' })],
      () => [delegate(session, session, { expirationNs })],
      () => [good, delegate(session, owner, { expirationNs })],
      () => [{ ...good, signature: this.#random.bytes(64) }],
      () => Array.from({ length: 21 }, () => good),
    ])();
    const content = this.#call({ method: 'inc', canisterId });
    const signer = this.#random.chance(3) ? owner : session;
    return this.#to('call', envelopeBody({ content, sender: owner, delegations, signer }));
  }

  #outsideExpiry(): BadRequest {
    const { nowNs, owner } = this.#target;
    const aheadNs = this.#random.pick([-1n, -3_600n * SECOND_NS, 331n * SECOND_NS, 2n ** 60n]);
    const expiryNs = nowNs + aheadNs;
    const isQuery = this.#random.chance(3);
    const content = this.#call({
      kind: isQuery ? 'query' : 'call',
      method: isQuery ? 'get' : 'inc',
      expiryNs,
    });
    return this.#to(isQuery ? 'query' : 'call', envelopeBody({ content, sender: owner }));
  }

  #unknown(): BadRequest {
    const { owner, absentId } = this.#target;
    const name = Buffer.from(this.#random.bytes(8)).toString('hex');
    const isQuery = this.#random.chance(2);
    const content = isQuery
      ? this.#call({ kind: 'query', method: name })
      : this.#call({ canisterId: absentId, method: name });
    const body = envelopeBody({ content, sender: owner });
    return isQuery ? this.#to('query', body) : this.#to('call', body, absentId);
  }

  #management(): BadRequest {
    const stranger = this.#random.pick(this.#target.strangers);
    const candid = concatBytes(utf8('DIDL'), this.#random.bytes(this.#random.below(30)));
    const content = this.#call({
      canisterId: MANAGEMENT,
      method: this.#random.pick(MANAGEMENT_METHODS),
      arg: this.#random.chance(4) ? this.#random.bytes(20) : candid,
      sender: stranger.principal,
    });
    return this.#to('call', envelopeBody({ content, sender: stranger }));
  }

  #randomPath(): BadRequest {
    const path = this.#random.chance(2) ? this.#scatteredPath() : this.#nearlyRightPath();
    const method = this.#random.pick(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH']);
    const hasBody = method !== 'GET' && method !== 'HEAD';
    return { method, path, body: hasBody ? this.#random.bytes(20) : undefined, mayAnswer: true };
  }

  #scatteredPath(): string {
    const parts = ['api', 'v1', 'v2', 'status', 'canister', 'call', '%ff', '..', 'x'];
    const length = 1 + this.#random.below(6);
    return `/${Array.from({ length }, () => this.#random.pick(parts)).join('/')}`;
  }

  #nearlyRightPath(): string {
    const { canisterId, subnetId } = this.#target;
    const version = this.#random.pick(['v2', 'v3', 'v4', 'v5', 'V2']);
    const door = this.#random.pick(['canister', 'subnet', 'node']);
    const ids = [canisterId.toText(), subnetId.toText(), '', 'aaaaa-aa', '%00', 'a'.repeat(300)];
    const operation = this.#random.pick(['call', 'query', 'read_state', 'install', 'call/x']);
    return `/api/${version}/${door}/${this.#random.pick(ids)}/${operation}`;
  }

  #randomStatePath(): BadRequest {
    const { canisterId, subnetId, nowNs } = this.#target;
    const label = (): Uint8Array =>
      this.#random.pick([
        () => utf8(this.#random.pick([...LABELS, ...LEAVES])),
        () => canisterId.toUint8Array(),
        () => subnetId.toUint8Array(),
        () => this.#random.bytes(this.#random.below(40)),
        () => this.#random.bytes(32),
      ])();
    const path = (): Uint8Array[] => [
      utf8(this.#random.pick(LABELS)),
      ...Array.from({ length: this.#random.below(4) }, label),
    ];
    const paths = Array.from({ length: this.#random.below(4) }, path);
    const content = readStateContent({ paths, expiryNs: nowNs + SECOND_NS });
    const door = this.#random.pick([
      `canister/${canisterId.toText()}`,
      `subnet/${subnetId.toText()}`,
    ]);
    const url = `/api/${this.#random.pick(READ_VERSIONS)}/${door}/read_state`;
    return { method: 'POST', path: url, body: envelopeBody({ content }), mayAnswer: true };
  }

  #call(fields: Partial<Parameters<typeof callContent>[0]> & { readonly method: string }): Content {
    const { canisterId, nowNs, owner } = this.#target;
    return callContent({
      canisterId,
      expiryNs: nowNs + 60n * SECOND_NS,
      sender: owner.principal,
      nonce: this.#random.bytes(16),
      ...fields,
    });
  }

  #post(body: Uint8Array): BadRequest {
    return this.#to(this.#random.pick(['call', 'query', 'read_state']), body);
  }

  #to(operation: string, body: Uint8Array, id = this.#target.canisterId): BadRequest {
    const version = this.#random.pick(operation === 'call' ? CALL_VERSIONS : READ_VERSIONS);
    const path = `/api/${version}/canister/${id.toText()}/${operation}`;
    return { method: 'POST', path, body, mayAnswer: false };
  }

  #randomValue(depth: number): CborInput {
    switch (this.#random.below(depth > 0 ? 7 : 4)) {
      case 0:
        return this.#random.below(2 ** 31);
      case 1:
        return BigInt(this.#random.below(2 ** 31)) << 32n;
      case 2:
        return this.#random.bytes(this.#random.below(40));
      case 3:
        return this.#random.pick(['call', 'query', 'read_state', 'inc', '', 'ü']);
      case 4:
        return Array.from({ length: this.#random.below(4) }, () => this.#randomValue(depth - 1));
      default:
        return this.#randomContent(depth);
    }
  }

  #randomContent(depth: number): CborInput {
    const names = [
      'request_type',
      'canister_id',
      'method_name',
      'arg',
      'sender',
      'ingress_expiry',
      'nonce',
      'paths',
      'sender_info',
      'other',
    ];
    const kept = names.filter(() => !this.#random.chance(4));
    return Object.fromEntries(kept.map((name) => [name, this.#randomValue(depth - 1)]));
  }
}
