import { Principal } from '@dfinity/principal';

/** Canister ids as on mainnet. Source: dfinity/ic rs/nns/constants, dfinity/cycles-ledger. */
export const ICP_LEDGER_ID = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
export const CMC_ID = Principal.fromText('rkp4c-7iaaa-aaaaa-aaaca-cai');
export const CYCLES_LEDGER_ID = Principal.fromText('um5iw-rqaaa-aaaaq-qaaba-cai');
export const GOVERNANCE_ID = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');
export const MANAGEMENT_ID = Principal.managementCanister();
export const CKBTC_LEDGER_ID = Principal.fromText('mxzaz-hqaaa-aaaar-qaada-cai');
export const CKUSDC_LEDGER_ID = Principal.fromText('xevnm-gaaaa-aaaar-qafnq-cai');
export const CKUSDT_LEDGER_ID = Principal.fromText('cngnf-vqaaa-aaaar-qag4q-cai');
