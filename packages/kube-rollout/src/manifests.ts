import { KubeObject } from './object';

/**
 * Bounds on manifests.
 *
 * @public
 */
export interface ManifestLimits {
  /** Bytes of YAML in all. Default 10 MiB. */
  maxBytes: number;
  /** Objects in all, after Lists are taken apart. Default 2 000. */
  maxObjects: number;
  /** Nesting inside one object. Default 64. */
  maxDepth: number;
}

/**
 * Reads Kubernetes manifests: YAML or JSON, any number of documents, Lists taken apart, empty documents skipped.
 *
 * @throws ManifestError with every issue that was found: document, object, field
 *
 * @public
 */
export function parseManifests(
  _text: string,
  _limits: Partial<ManifestLimits> = {},
): KubeObject[] {
  throw new Error('under construction');
}
