import { AccountEndpoints } from './endpoints/account.endpoints.ts';
import { LifecycleEndpoints } from './endpoints/lifecycle.endpoints.ts';

export default [LifecycleEndpoints, AccountEndpoints];
