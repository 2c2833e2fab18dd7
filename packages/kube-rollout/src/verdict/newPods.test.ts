import { KubeObject } from '../object';
import { live } from '../testing/objects';
import { Dependents, newRevision } from './newPods';

function owning(owned: Record<string, KubeObject[]>): Dependents {
  return {
    controlledBy: (uid, kind) =>
      (owned[uid] ?? []).filter(object => object.kind === kind),
  };
}
const pod = (name: string, labels = {}, metadata = {}) =>
  live('v1', 'Pod', { metadata: { name, labels, ...metadata } });
const names = (found: ReturnType<typeof newRevision>) =>
  found?.pods.map(({ metadata }) => metadata.name);

describe('pods of the new revision', () => {
  const replicaSet = (name: string, templateDigest: string, replicas: number) =>
    live('apps/v1', 'ReplicaSet', {
      metadata: { name, uid: name },
      spec: { templateDigest, replicas },
    });
  const deployment = live('apps/v1', 'Deployment', {
    spec: { templateDigest: 'new', replicas: 2 },
  });

  it('are, for a Deployment, those of the ReplicaSet with its template', () => {
    const dependents = owning({
      'uid-web': [
        replicaSet('web-old', 'old', 2),
        replicaSet('web-new', 'new', 1),
      ],
      'web-old': [pod('old-1'), pod('old-2')],
      'web-new': [
        pod('new-1'),
        pod('leaving', {}, { deletionTimestamp: '2026-03-01T11:00:00Z' }),
      ],
    });
    const found = newRevision(deployment, dependents);
    expect(names(found)).toEqual(['new-1']);
    expect(found?.wanted).toBe(1);
  });

  it('are unknown until that ReplicaSet is there', () => {
    const dependents = owning({
      'uid-web': [replicaSet('web-old', 'old', 2)],
      'web-old': [pod('old-1')],
    });
    expect(newRevision(deployment, dependents)).toBeUndefined();
  });

  it('are, for a StatefulSet, those with the update revision', () => {
    const set = live('apps/v1', 'StatefulSet', {
      spec: { replicas: 2 },
      status: { updateRevision: 'b' },
    });
    const dependents = owning({
      'uid-web': [
        pod('web-0', { 'controller-revision-hash': 'a' }),
        pod('web-1', { 'controller-revision-hash': 'b' }),
      ],
    });
    expect(names(newRevision(set, dependents))).toEqual(['web-1']);
  });

  it('are, for a DaemonSet, those of the current template generation', () => {
    const set = live('apps/v1', 'DaemonSet', {
      metadata: {
        annotations: { 'deprecated.daemonset.template.generation': '3' },
      },
      status: { desiredNumberScheduled: 2 },
    });
    const dependents = owning({
      'uid-web': [
        pod('web-x', { 'pod-template-generation': '2' }),
        pod('web-y', { 'pod-template-generation': '3' }),
      ],
    });
    expect(names(newRevision(set, dependents))).toEqual(['web-y']);
  });
});
