import type { Principal } from '@dfinity/principal';
import type { Permission, PermissionVariant } from './asset-types.ts';

export const PERMISSIONS: readonly Permission[] = ['Commit', 'ManagePermissions', 'Prepare'];

/** Who may upload, commit and hand out permissions. Kept by principal text, in order. */
export class Permissions {
  readonly #holders: Record<Permission, Map<string, Principal>> = {
    Commit: new Map(),
    ManagePermissions: new Map(),
    Prepare: new Map(),
  };

  grant(principal: Principal, permission: Permission): void {
    this.#holders[permission].set(principal.toText(), principal);
  }

  revoke(principal: Principal, permission: Permission): void {
    this.#holders[permission].delete(principal.toText());
  }

  /** Exactly this permission was granted. */
  has(principal: Principal, permission: Permission): boolean {
    return this.#holders[permission].has(principal.toText());
  }

  /** Whoever may commit may also prepare. */
  can(principal: Principal, permission: Permission): boolean {
    if (this.has(principal, permission)) return true;
    return permission === 'Prepare' && this.has(principal, 'Commit');
  }

  list(permission: Permission): Principal[] {
    return [...this.#holders[permission].values()].sort((left, right) =>
      Buffer.compare(left.toUint8Array(), right.toUint8Array()),
    );
  }

  set(permission: Permission, principals: readonly Principal[]): void {
    this.#holders[permission].clear();
    for (const principal of principals) this.grant(principal, permission);
  }

  /** Takes every permission away, then lets `owner` commit. */
  takeOwnership(owner: Principal): void {
    for (const permission of PERMISSIONS) this.#holders[permission].clear();
    this.grant(owner, 'Commit');
  }
}

export function permissionOf(variant: PermissionVariant): Permission {
  if ('Commit' in variant) return 'Commit';
  return 'Prepare' in variant ? 'Prepare' : 'ManagePermissions';
}
