import { imagesOf } from './imagesOf';

const metadata = { name: 'x' };
const pod = (...images: string[]) => ({
  containers: images.map(image => ({ image })),
});

describe('imagesOf', () => {
  it('finds the images of every kind that runs pods, each once, sorted', () => {
    expect(
      imagesOf([
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata,
          spec: {
            template: {
              spec: {
                ...pod('web:2', 'log:1'),
                initContainers: [{ image: 'init:1' }],
              },
            },
          },
        },
        {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          metadata,
          spec: { jobTemplate: { spec: { template: { spec: pod('job:1') } } } },
        },
        { apiVersion: 'v1', kind: 'Pod', metadata, spec: pod('log:1') },
        { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {} },
      ]),
    ).toEqual(['init:1', 'job:1', 'log:1', 'web:2']);
  });

  it('makes nothing of specs of another shape', () => {
    expect(
      imagesOf([
        {
          apiVersion: 'x/v1',
          kind: 'Thing',
          metadata,
          spec: { template: 'a' },
        },
        { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: 'b' } },
        { apiVersion: 'v1', kind: 'Pod', metadata },
      ]),
    ).toEqual([]);
  });
});
