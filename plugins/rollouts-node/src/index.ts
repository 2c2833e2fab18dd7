/**
 * Extension points of rollouts.
 *
 * @packageDocumentation
 */
export * from './clusterAuth';
