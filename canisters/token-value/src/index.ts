import { LifecycleEndpoints } from './endpoints/lifecycle.endpoints.ts';
import { SourceEndpoints } from './endpoints/source.endpoints.ts';

export default [LifecycleEndpoints, SourceEndpoints];
