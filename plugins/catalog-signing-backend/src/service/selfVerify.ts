import {
  EatError,
  parseDidWeb,
  staticDidResolver,
  verifyCatalog,
  type HighWaterMark,
  type TrustPolicy,
} from '@agentyard/eat';
import { PublisherConfig } from '../config';
import { SignedDocuments } from '../database/PublishedCatalogStore';
import { SigningUnavailableError } from '../errors';
import { addresses, onLoopback } from './buildCatalog';

/** Does the DID have the form that the profile `strict` demands? A port on a public host has not. */
function strictDid(publisher: PublisherConfig) {
  try {
    parseDidWeb(publisher.did, {
      profile: 'strict',
      allowListed: true,
      allowLoopback: onLoopback(publisher),
    });
    return true;
  } catch (error) {
    if (error instanceof EatError) return false;
    throw error;
  }
}

/**
 * Verifies documents as their consumers will, before they are published: the sidecar with each of its signatures, and the
 * header token as a reader of EAT 1.0.
 *
 * @throws SigningUnavailableError `SELF_VERIFICATION_FAILED` naming the step that failed
 */
export async function selfVerify(
  publisher: PublisherConfig,
  documents: SignedDocuments,
  options: { now: Date; signatures: number; highWaterMark?: HighWaterMark },
) {
  const common = {
    publisher: publisher.did,
    allowLoopback: onLoopback(publisher),
  };
  const url = addresses(publisher.baseUrl).catalog;
  const catalog = Buffer.from(documents.catalog, 'utf8');
  const resolver = staticDidResolver({ [publisher.did]: documents.did });
  const checks: {
    policy: TrustPolicy;
    carrier: { sidecar: Buffer } | { signatureHeader: string };
  }[] = [
    {
      policy: {
        ...common,
        profile: strictDid(publisher) ? 'strict' : 'eat-compat',
        algs: ['ES256', 'RS256'],
        threshold: options.signatures,
      },
      carrier: { sidecar: Buffer.from(documents.general, 'utf8') },
    },
    {
      policy: { ...common, profile: 'eat-compat' },
      carrier: { signatureHeader: documents.compact },
    },
  ];
  for (const { policy, carrier } of checks) {
    const verdict = await verifyCatalog({
      source: { url, catalog, ...carrier },
      policy,
      resolver,
      now: options.now,
      highWaterMark: options.highWaterMark,
    });
    if (verdict.status !== 'verified') {
      const [reason] = verdict.reasons;
      throw new SigningUnavailableError(
        'SELF_VERIFICATION_FAILED',
        `The signed catalog of "${publisher.id}" does not verify (${policy.profile}): ${reason?.code} ${reason?.message}. Nothing was published.`,
      );
    }
  }
}
