/**
 * Signed tool catalogs (EAT): parse, validate, generate, sign, verify.
 *
 * @packageDocumentation
 */
export { EatError } from './errors';
export type { EatErrorCode, Problem } from './errors';
export { parseJson } from './strictJson';
export type { JsonObject, JsonValue, ParseJsonOptions } from './strictJson';
export { canonicalHash, canonicalize, sha256 } from './canonicalJson';
export type { Sha256 } from './canonicalJson';
export { ALGS } from './algorithms';
export type { Alg } from './algorithms';
export { catalogBytes, catalogHash, withoutSignatures } from './catalog';
export type {
  CatalogEntry,
  CatalogTool,
  McpToolExtension,
  ToolCatalog,
  ToolExample,
} from './catalog';
export { toolDefinitionDigest } from './toolDefinition';
export { stripUnsafeText } from './unsafeText';
export { validateCatalog } from './validateCatalog';
export type { CatalogValidation, ValidationOptions } from './validateCatalog';
export { generateCatalog } from './generateCatalog';
export type {
  GeneratedCatalog,
  GenerateOptions,
  SpecFile,
} from './generateCatalog';
export { generateLinkset, linksetHash } from './linkset';
export type {
  LinkContext,
  Linkset,
  LinksetOptions,
  LinkTarget,
} from './linkset';
export { jwkThumbprint, readJwk } from './jwk';
export type { PublicJwk, VerificationKey } from './jwk';
export { keySigner, readPrivateKey } from './keySigner';
export type { PrivateKey } from './keySigner';
export type {
  KeyVersion,
  Signer,
  SignerCapabilities,
  SignerHealth,
} from './signer';
export { parseStatement, serialiseStatement } from './statement';
export type { Statement } from './statement';
export { parseCompactJws, parseGeneralJws, verifyJws } from './jws';
export type {
  GeneralJws,
  Jws,
  JwsHeader,
  JwsPolicy,
  JwsSignature,
  VerifiedJws,
} from './jws';
export { didWebOf, parseDidWeb } from './didWeb';
export type { DidWeb } from './didWeb';
export { didDocument, jwks, readDidDocument } from './didDocument';
export type { DidDocument, PublishedKey } from './didDocument';
export { createDidResolver, staticDidResolver } from './didResolver';
export type { DidResolver } from './didResolver';
export { embedSignature, signCatalog } from './signCatalog';
export type { SignedCatalog, SigningKey, SignOptions } from './signCatalog';
export type { Carrier, HighWaterMark, Profile, TrustPolicy } from './policy';
export { verifyCatalog } from './verifyCatalog';
export type { CatalogSource, VerifyOptions } from './verifyCatalog';
export { fetchAndVerifyCatalog } from './fetchCatalog';
export type { FetchAndVerifyOptions } from './fetchCatalog';
export type {
  CatalogVerdict,
  RejectedTool,
  VerificationStep,
  VerificationStepName,
  VerifiedSignature,
} from './verdict';
