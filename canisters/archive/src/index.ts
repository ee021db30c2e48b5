import { RentalEndpoints } from './endpoints/rental.endpoints.ts';
import { LifecycleEndpoints } from './endpoints/lifecycle.endpoints.ts';
import { WriterEndpoints } from './endpoints/writer.endpoints.ts';

export default [LifecycleEndpoints, WriterEndpoints, RentalEndpoints];
