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
/** The marketplace's token. */
export const DCT_LEDGER_ID = Principal.fromText('ggi4a-wyaaa-aaaai-actqq-cai');

/** Where prices come from. Source: ICPSwap-Labs/docs, dfinity/exchange-rate-canister, oisy-trade. */
export const SWAP_FACTORY_ID = Principal.fromText('4mmnk-kiaaa-aaaag-qbllq-cai');
export const ICP_CKUSDC_POOL_ID = Principal.fromText('mohjv-bqaaa-aaaag-qjyia-cai');
export const CKUSDT_ICP_POOL_ID = Principal.fromText('hkstf-6iaaa-aaaag-qkcoq-cai');
export const CKBTC_ICP_POOL_ID = Principal.fromText('xmiu5-jqaaa-aaaag-qbz7q-cai');
export const XRC_ID = Principal.fromText('uf6dk-hyaaa-aaaaq-qaaaq-cai');
export const OISY_TRADE_ID = Principal.fromText('sy2xe-miaaa-aaaar-qb7sq-cai');
export const KONG_ID = Principal.fromText('2ipq2-uqaaa-aaaar-qailq-cai');
/** Number 0x4f0001: of localnet alone, below the ids that new canisters get here. */
export const DCT_ICP_POOL_ID = Principal.fromText('k334y-dqaaa-aaaac-paaaq-cai');
