import { ConfigEndpoints } from './endpoints/config.endpoints.ts';
import { ConsentEndpoints } from './endpoints/consent.endpoints.ts';
import { EscrowViewEndpoints } from './endpoints/escrow-view.endpoints.ts';
import { EscrowEndpoints } from './endpoints/escrow.endpoints.ts';
import { LifecycleEndpoints } from './endpoints/lifecycle.endpoints.ts';
import { PayeeEndpoints } from './endpoints/payee.endpoints.ts';
import { QuoteEndpoints } from './endpoints/quote.endpoints.ts';
import { SolvencyEndpoints } from './endpoints/solvency.endpoints.ts';
import { StatementEndpoints } from './endpoints/statement.endpoints.ts';
import { TransferEndpoints } from './endpoints/transfer.endpoints.ts';

export default [
  LifecycleEndpoints,
  ConfigEndpoints,
  QuoteEndpoints,
  EscrowEndpoints,
  EscrowViewEndpoints,
  TransferEndpoints,
  PayeeEndpoints,
  StatementEndpoints,
  SolvencyEndpoints,
  ConsentEndpoints,
];
