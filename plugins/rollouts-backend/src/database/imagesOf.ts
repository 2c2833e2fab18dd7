import type { KubeObject } from '@agentyard/kube-rollout';

/** Container images of the workloads among some objects, each once, sorted. */
export function imagesOf(objects: KubeObject[]): string[] {
  const images = objects.flatMap(object => {
    const spec = podSpecOf(object);
    return [...list(spec?.initContainers), ...list(spec?.containers)].map(
      container => container?.image,
    );
  });
  return [...new Set(images.filter(image => typeof image === 'string'))].sort();
}

function podSpecOf({ kind, spec }: KubeObject): any {
  if (kind === 'Pod') return spec;
  if (kind === 'CronJob') return spec?.jobTemplate?.spec?.template?.spec;
  return spec?.template?.spec;
}

function list(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}
