import type { Principal } from '@dfinity/principal';
import type { TypedHandler } from '../../core/define-native.ts';
import { NativeReject, type NativeContext } from '../../core/native.ts';
import { ErrorCode, reject } from '../../core/types.ts';
import { AssetError, type Permission, type PermissionVariant } from './asset-types.ts';
import { permissionOf, type Permissions } from './permissions.ts';

interface Grant {
  readonly to_principal: Principal;
  readonly permission: PermissionVariant;
}

interface Revocation {
  readonly of_principal: Principal;
  readonly permission: PermissionVariant;
}

/** Handing permissions out and taking them back. */
export function permissionMethods(permissions: Permissions): Record<string, TypedHandler> {
  return {
    authorize: (context: NativeContext, principal: Principal) => {
      assertManager(context, permissions);
      permissions.grant(principal, 'Commit');
    },
    deauthorize: (context: NativeContext, principal: Principal) => {
      if (!isCaller(context, principal)) assertController(context);
      else assertHolderOrController(context, permissions, 'Commit');
      permissions.revoke(principal, 'Commit');
    },
    list_authorized: () => permissions.list('Commit'),
    grant_permission: (context: NativeContext, args: Grant) => {
      assertManager(context, permissions);
      permissions.grant(args.to_principal, permissionOf(args.permission));
    },
    revoke_permission: (context: NativeContext, args: Revocation) => {
      const permission = permissionOf(args.permission);
      const needed = isCaller(context, args.of_principal) ? permission : 'ManagePermissions';
      assertHolderOrController(context, permissions, needed);
      permissions.revoke(args.of_principal, permission);
    },
    list_permitted: (_: NativeContext, args: { permission: PermissionVariant }) =>
      permissions.list(permissionOf(args.permission)),
    take_ownership: (context: NativeContext) => {
      assertController(context);
      permissions.takeOwnership(context.caller);
    },
    validate_grant_permission: (_: NativeContext, args: Grant) => ({
      Ok: `grant ${permissionOf(args.permission)} permission to principal ${args.to_principal.toText()}`,
    }),
    validate_revoke_permission: (_: NativeContext, args: Revocation) => ({
      Ok: `revoke ${permissionOf(args.permission)} permission from principal ${args.of_principal.toText()}`,
    }),
    validate_take_ownership: () => ({
      Ok: 'revoke all permissions, then gives the caller Commit permissions',
    }),
  };
}

/** Lets only holders of `permission` through to the handlers. */
export function guarded(
  permissions: Permissions,
  permission: Permission,
  handlers: Readonly<Record<string, TypedHandler>>,
): Record<string, TypedHandler> {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]): [string, TypedHandler] => [
      name,
      (context, ...args) => {
        if (!permissions.can(context.caller, permission)) {
          refuse(`Caller does not have ${permission} permission`);
        }
        return handler(context, ...args);
      },
    ]),
  );
}

function assertManager(context: NativeContext, permissions: Permissions): void {
  const { caller } = context;
  if (permissions.has(caller, 'ManagePermissions') || context.isController(caller)) return;
  refuse('Caller does not have ManagePermissions permission and is not a controller.');
}

function assertController(context: NativeContext): void {
  if (!context.isController(context.caller)) refuse('Caller is not a controller.');
}

function assertHolderOrController(
  context: NativeContext,
  permissions: Permissions,
  permission: Permission,
): void {
  const { caller } = context;
  if (permissions.has(caller, permission) || context.isController(caller)) return;
  throw new AssetError(`Caller does not have ${permission} permission and is not a controller.`);
}

function isCaller(context: NativeContext, principal: Principal): boolean {
  return context.caller.compareTo(principal) === 'eq';
}

/** Guards of the real canister reject; they do not trap. */
function refuse(message: string): never {
  throw new NativeReject(reject(ErrorCode.CanisterRejectedMessage, message));
}
