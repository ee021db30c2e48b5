import { IDL } from '@dfinity/candid';

const Blob = IDL.Vec(IDL.Nat8);
const HeaderField = IDL.Tuple(IDL.Text, IDL.Text);
const Headers = IDL.Vec(HeaderField);

const CreateAssetArguments = IDL.Record({
  key: IDL.Text,
  content_type: IDL.Text,
  max_age: IDL.Opt(IDL.Nat64),
  headers: IDL.Opt(Headers),
  enable_aliasing: IDL.Opt(IDL.Bool),
  allow_raw_access: IDL.Opt(IDL.Bool),
});
const SetAssetContentArguments = IDL.Record({
  key: IDL.Text,
  content_encoding: IDL.Text,
  chunk_ids: IDL.Vec(IDL.Nat),
  last_chunk: IDL.Opt(Blob),
  sha256: IDL.Opt(Blob),
});
const UnsetAssetContentArguments = IDL.Record({ key: IDL.Text, content_encoding: IDL.Text });
const DeleteAssetArguments = IDL.Record({ key: IDL.Text });
const ClearArguments = IDL.Record({});
const SetAssetPropertiesArguments = IDL.Record({
  key: IDL.Text,
  max_age: IDL.Opt(IDL.Opt(IDL.Nat64)),
  headers: IDL.Opt(IDL.Opt(Headers)),
  allow_raw_access: IDL.Opt(IDL.Opt(IDL.Bool)),
  is_aliased: IDL.Opt(IDL.Opt(IDL.Bool)),
});
const BatchOperationKind = IDL.Variant({
  CreateAsset: CreateAssetArguments,
  SetAssetContent: SetAssetContentArguments,
  SetAssetProperties: SetAssetPropertiesArguments,
  UnsetAssetContent: UnsetAssetContentArguments,
  DeleteAsset: DeleteAssetArguments,
  Clear: ClearArguments,
});
export const CommitBatchArguments = IDL.Record({
  batch_id: IDL.Nat,
  operations: IDL.Vec(BatchOperationKind),
});
const BatchReference = IDL.Record({ batch_id: IDL.Nat });
const CommitProposedBatchArguments = IDL.Record({ batch_id: IDL.Nat, evidence: Blob });
const Permission = IDL.Variant({
  Commit: IDL.Null,
  ManagePermissions: IDL.Null,
  Prepare: IDL.Null,
});
const GrantPermission = IDL.Record({ to_principal: IDL.Principal, permission: Permission });
const RevokePermission = IDL.Record({ of_principal: IDL.Principal, permission: Permission });
const ConfigureArguments = IDL.Record({
  max_batches: IDL.Opt(IDL.Opt(IDL.Nat64)),
  max_chunks: IDL.Opt(IDL.Opt(IDL.Nat64)),
  max_bytes: IDL.Opt(IDL.Opt(IDL.Nat64)),
});
const ConfigurationResponse = IDL.Record({
  max_batches: IDL.Opt(IDL.Nat64),
  max_chunks: IDL.Opt(IDL.Nat64),
  max_bytes: IDL.Opt(IDL.Nat64),
});
const ValidationResult = IDL.Variant({ Ok: IDL.Text, Err: IDL.Text });
const AssetDetails = IDL.Record({
  key: IDL.Text,
  content_type: IDL.Text,
  encodings: IDL.Vec(
    IDL.Record({
      content_encoding: IDL.Text,
      sha256: IDL.Opt(Blob),
      length: IDL.Nat,
      modified: IDL.Int,
    }),
  ),
  max_age: IDL.Opt(IDL.Nat64),
  headers: IDL.Opt(Headers),
  allow_raw_access: IDL.Opt(IDL.Bool),
  is_aliased: IDL.Opt(IDL.Bool),
});
const AssetProperties = IDL.Record({
  max_age: IDL.Opt(IDL.Nat64),
  headers: IDL.Opt(Headers),
  allow_raw_access: IDL.Opt(IDL.Bool),
  is_aliased: IDL.Opt(IDL.Bool),
});
const HttpRequest = IDL.Record({
  method: IDL.Text,
  url: IDL.Text,
  headers: Headers,
  body: Blob,
  certificate_version: IDL.Opt(IDL.Nat16),
});
const StreamingCallbackToken = IDL.Record({
  key: IDL.Text,
  content_encoding: IDL.Text,
  index: IDL.Nat,
  sha256: IDL.Opt(Blob),
});
const StreamingCallbackHttpResponse = IDL.Record({
  body: Blob,
  token: IDL.Opt(StreamingCallbackToken),
});
const HttpResponse = IDL.Record({
  status_code: IDL.Nat16,
  headers: Headers,
  body: Blob,
  upgrade: IDL.Opt(IDL.Bool),
  streaming_strategy: IDL.Opt(
    IDL.Variant({
      Callback: IDL.Record({
        callback: IDL.Func(
          [StreamingCallbackToken],
          [IDL.Opt(StreamingCallbackHttpResponse)],
          ['query'],
        ),
        token: StreamingCallbackToken,
      }),
    }),
  ),
});

const EDITING = {
  create_batch: IDL.Func([], [BatchReference]),
  create_chunk: IDL.Func(
    [IDL.Record({ batch_id: IDL.Nat, content: Blob })],
    [IDL.Record({ chunk_id: IDL.Nat })],
  ),
  create_chunks: IDL.Func(
    [IDL.Record({ batch_id: IDL.Nat, content: IDL.Vec(Blob) })],
    [IDL.Record({ chunk_ids: IDL.Vec(IDL.Nat) })],
  ),
  commit_batch: IDL.Func([CommitBatchArguments], []),
  propose_commit_batch: IDL.Func([CommitBatchArguments], []),
  commit_proposed_batch: IDL.Func([CommitProposedBatchArguments], []),
  compute_evidence: IDL.Func(
    [IDL.Record({ batch_id: IDL.Nat, max_iterations: IDL.Opt(IDL.Nat16) })],
    [IDL.Opt(Blob)],
  ),
  compute_state_hash: IDL.Func([], [IDL.Opt(IDL.Text)]),
  delete_batch: IDL.Func([BatchReference], []),
  create_asset: IDL.Func([CreateAssetArguments], []),
  set_asset_content: IDL.Func([SetAssetContentArguments], []),
  unset_asset_content: IDL.Func([UnsetAssetContentArguments], []),
  delete_asset: IDL.Func([DeleteAssetArguments], []),
  clear: IDL.Func([], []),
  store: IDL.Func(
    [
      IDL.Record({
        key: IDL.Text,
        content_type: IDL.Text,
        content_encoding: IDL.Text,
        content: Blob,
        sha256: IDL.Opt(Blob),
        aliased: IDL.Opt(IDL.Bool),
      }),
    ],
    [],
  ),
  set_asset_properties: IDL.Func([SetAssetPropertiesArguments], []),
  get_configuration: IDL.Func([], [ConfigurationResponse]),
  configure: IDL.Func([ConfigureArguments], []),
};

const PERMISSIONS = {
  authorize: IDL.Func([IDL.Principal], []),
  deauthorize: IDL.Func([IDL.Principal], []),
  list_authorized: IDL.Func([], [IDL.Vec(IDL.Principal)]),
  grant_permission: IDL.Func([GrantPermission], []),
  revoke_permission: IDL.Func([RevokePermission], []),
  list_permitted: IDL.Func([IDL.Record({ permission: Permission })], [IDL.Vec(IDL.Principal)]),
  take_ownership: IDL.Func([], []),
  validate_grant_permission: IDL.Func([GrantPermission], [ValidationResult]),
  validate_revoke_permission: IDL.Func([RevokePermission], [ValidationResult]),
  validate_take_ownership: IDL.Func([], [ValidationResult]),
  validate_commit_proposed_batch: IDL.Func([CommitProposedBatchArguments], [ValidationResult]),
  validate_configure: IDL.Func([ConfigureArguments], [ValidationResult]),
};

const READING = {
  api_version: IDL.Func([], [IDL.Nat16], ['query']),
  retrieve: IDL.Func([IDL.Text], [Blob], ['query']),
  get: IDL.Func(
    [IDL.Record({ key: IDL.Text, accept_encodings: IDL.Vec(IDL.Text) })],
    [
      IDL.Record({
        content: Blob,
        content_type: IDL.Text,
        content_encoding: IDL.Text,
        sha256: IDL.Opt(Blob),
        total_length: IDL.Nat,
      }),
    ],
    ['query'],
  ),
  get_chunk: IDL.Func(
    [
      IDL.Record({
        key: IDL.Text,
        content_encoding: IDL.Text,
        index: IDL.Nat,
        sha256: IDL.Opt(Blob),
      }),
    ],
    [IDL.Record({ content: Blob })],
    ['query'],
  ),
  list: IDL.Func(
    [IDL.Record({ start: IDL.Opt(IDL.Nat), length: IDL.Opt(IDL.Nat) })],
    [IDL.Vec(AssetDetails)],
    ['query'],
  ),
  certified_tree: IDL.Func([], [IDL.Record({ certificate: Blob, tree: Blob })], ['query']),
  get_asset_properties: IDL.Func([IDL.Text], [AssetProperties], ['query']),
  get_state_info: IDL.Func(
    [],
    [
      IDL.Record({
        last_state_update_timestamp: IDL.Nat64,
        state_hash: IDL.Opt(IDL.Text),
      }),
    ],
    ['query'],
  ),
  http_request: IDL.Func([HttpRequest], [HttpResponse], ['query']),
  http_request_streaming_callback: IDL.Func(
    [StreamingCallbackToken],
    [StreamingCallbackHttpResponse],
    ['query'],
  ),
};

/**
 * What the canister decodes and encodes: as DFINITY's, which takes no argument where its interface
 * names an empty record, and answers a streaming callback without `opt`, so that every client of
 * either form is understood.
 */
export const ASSETS_SERVICE: IDL.ServiceClass = IDL.Service({
  ...READING,
  ...EDITING,
  ...PERMISSIONS,
});

/** The interface as published. Source: dfinity/sdk ic-certified-assets `assets.did`. */
export const PUBLISHED_ASSETS_SERVICE: IDL.ServiceClass = IDL.Service({
  ...READING,
  ...EDITING,
  ...PERMISSIONS,
  clear: IDL.Func([ClearArguments], []),
  create_batch: IDL.Func([IDL.Record({})], [BatchReference]),
  certified_tree: IDL.Func(
    [IDL.Record({})],
    [IDL.Record({ certificate: Blob, tree: Blob })],
    ['query'],
  ),
  http_request_streaming_callback: IDL.Func(
    [StreamingCallbackToken],
    [IDL.Opt(StreamingCallbackHttpResponse)],
    ['query'],
  ),
});

/** Types worth a name in the published interface. */
export const ASSETS_TYPE_NAMES = {
  HeaderField,
  CreateAssetArguments,
  SetAssetContentArguments,
  UnsetAssetContentArguments,
  DeleteAssetArguments,
  ClearArguments,
  SetAssetPropertiesArguments,
  BatchOperationKind,
  CommitBatchArguments,
  CommitProposedBatchArguments,
  Permission,
  ConfigureArguments,
  ConfigurationResponse,
  ValidationResult,
  HttpRequest,
  StreamingCallbackToken,
  StreamingCallbackHttpResponse,
  HttpResponse,
};
