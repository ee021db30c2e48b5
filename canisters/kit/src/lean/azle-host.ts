/**
 * The host's functions, as the compiled part of Azle 0.33.0 offers them to JavaScript. Source: its
 * `src/stable/lib/ic_apis/azle_ic_stable.ts`.
 */
export interface AzleHost {
  readonly acceptMessage: () => void;
  readonly callRaw: (
    resolveName: string,
    rejectName: string,
    canisterId: Uint8Array,
    method: string,
    args: Uint8Array,
    cycles: string,
  ) => void;
  readonly canisterCycleBalance: () => bigint;
  readonly canisterSelf: () => Uint8Array;
  readonly certifiedDataSet: (data: Uint8Array) => void;
  readonly debugPrint: (text: string) => void;
  readonly inReplicatedExecution: () => boolean;
  readonly isController: (principal: Uint8Array) => boolean;
  readonly msgArgData: () => Uint8Array;
  readonly msgCaller: () => Uint8Array;
  readonly msgMethodName: () => string;
  readonly msgReply: (bytes: Uint8Array) => void;
  readonly performanceCounter: (counterType: 0 | 1) => bigint;
  readonly setTimer: (delaySeconds: number) => bigint;
  readonly setTimerInterval: (intervalSeconds: number) => bigint;
  readonly stableBTreeMapContainsKey: (memoryId: number, key: Uint8Array) => boolean;
  readonly stableBTreeMapGet: (memoryId: number, key: Uint8Array) => Uint8Array | undefined;
  readonly stableBTreeMapInit: (memoryId: number) => void;
  readonly stableBTreeMapInsert: (
    memoryId: number,
    key: Uint8Array,
    value: Uint8Array,
  ) => Uint8Array | undefined;
  readonly stableBTreeMapKeys: (memoryId: number, start?: number, length?: number) => Uint8Array[];
  readonly stableBTreeMapLen: (memoryId: number) => number;
  readonly stableBTreeMapRemove: (memoryId: number, key: Uint8Array) => Uint8Array | undefined;
  readonly time: () => bigint;
  readonly trap: (message: string) => never;
}

type Settle = (value: never) => void;

/** Names that the compiled part looks up in the global scope. */
export interface AzleGlobals {
  readonly _azleIc: AzleHost;
  readonly _azleRejectCallbacks: Record<string, Settle>;
  readonly _azleResolveCallbacks: Record<string, Settle>;
  readonly _azleTimerCallbacks: Record<string, () => Promise<void>>;
  _azleDispatch: (action: { readonly type: string; readonly payload: unknown }) => void;
}

export const globals = globalThis as unknown as AzleGlobals;
