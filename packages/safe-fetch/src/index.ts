/**
 * HTTP client for addresses that strangers wrote: scheme, address, redirect, size, time and type rules.
 *
 * @packageDocumentation
 */
export { SafeFetchError } from './errors';
export type { SafeFetchErrorCode } from './errors';
export type { SafeFetchPolicy, AddressResolver } from './policy';
export { createSafeFetch } from './safeFetch';
export type { SafeFetch, SafeFetchInit, SafeFetchResponse } from './safeFetch';
export { createSafeWebFetch } from './webFetch';
export type { SafeWebFetch } from './webFetch';
