import { CONTEXT, live } from '../testing/objects';
import { apiService } from './apiService';

const look = (spec: any, status: any, metadata = {}) =>
  apiService(
    live('apiregistration.k8s.io/v1', 'APIService', { spec, status, metadata }),
    CONTEXT,
  );

describe('APIService', () => {
  it.each([
    ['available', [{ type: 'Available', status: 'True' }], 'ready'],
    [
      'its server does not answer',
      [{ type: 'Available', status: 'False', message: 'no endpoints' }],
      'in-progress',
    ],
  ])('%s', (_, conditions, state) => {
    expect(look({}, { conditions })).toMatchObject({ state });
  });
});
