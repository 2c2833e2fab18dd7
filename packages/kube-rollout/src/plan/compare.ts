import { canonical, digestOf } from '../canonical';
import { KubeObject } from '../object';
import { ObjectBase } from './plan';

/** Annotations in which others keep books; they change without anybody having meant to change the object. */
const BOOKKEEPING = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
];

const SERVER_METADATA = [
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'selfLink',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];

/** An object as its authors mean it: without status and without what the server and controllers note on it. */
export function declared(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const metadata: Record<string, unknown> = { ...object.metadata };
  for (const field of SERVER_METADATA) delete metadata[field];
  if (object.metadata.annotations) {
    const annotations = { ...object.metadata.annotations };
    for (const name of BOOKKEEPING) delete annotations[name];
    metadata.annotations = Object.keys(annotations).length
      ? annotations
      : undefined;
  }
  return { ...rest, metadata } as KubeObject;
}

/** True when two states of an object mean the same. */
export function sameDeclared(a: KubeObject, b: KubeObject): boolean {
  return canonical(declared(a)) === canonical(declared(b));
}

/** What a plan remembers of a live object. */
export function baseOf(live: KubeObject): ObjectBase {
  const { uid = '', resourceVersion = '' } = live.metadata;
  return {
    uid,
    resourceVersion,
    // Fingerprints are shown, and the digest of a short secret gives it away. A Secret has no status, so its version
    // moves only when it changes.
    fingerprint: digestOf(
      live.kind === 'Secret' ? { uid, resourceVersion } : declared(live),
    ),
  };
}
