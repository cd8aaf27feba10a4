export { createKeys, keysSettled, OFFER_MS, rotationRefusal, stepKeys } from './rotation.ts';
export type { KeySecrets, KeysEffect, KeysEvent, KeysState } from './types.ts';
