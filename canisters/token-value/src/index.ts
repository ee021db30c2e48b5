import { ConfigEndpoints } from './endpoints/config.endpoints.ts';
import { LifecycleEndpoints } from './endpoints/lifecycle.endpoints.ts';
import { PriceEndpoints } from './endpoints/price.endpoints.ts';

export default [LifecycleEndpoints, PriceEndpoints, ConfigEndpoints];
