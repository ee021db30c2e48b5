import { LifecycleEndpoints } from './endpoints/lifecycle.endpoints.ts';
import { TokenEndpoints } from './endpoints/token.endpoints.ts';

export default [LifecycleEndpoints, TokenEndpoints];
