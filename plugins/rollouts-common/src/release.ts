/**
 * What stands, or stood, in a cluster under one application name: a set that was rolled out and proved good.
 *
 * @public
 */
export interface Release {
  /** Identifier. */
  id: string;
  /** Name of the application. */
  name: string;
  /** Name of the cluster. */
  cluster: string;
  /** Namespace of objects that name none. */
  namespace: string;
  /** Catalog entity that was rolled out. */
  entityRef?: string;
  /** Number of the release under its name, cluster and namespace, from 1. */
  revision: number;
  /** Digest of what it applied. */
  digest: string;
  /** The run that made it. */
  runId: string;
  /** True for the one that stands now. */
  current: boolean;
  /** Number of its objects. */
  objectCount: number;
  /** Container images of its workloads, sorted. */
  images: string[];
  /** Who started its run. */
  createdBy: string;
  /** When it was reached, ISO 8601. */
  createdAt: string;
}
