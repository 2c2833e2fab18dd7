import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  answered,
  imageChange,
  moving,
  rolledBack,
  showPage,
  standing,
} from './__testUtils__/showPage';

describe('the page of rollouts', () => {
  it('shows first what is moving, with its progress', async () => {
    showPage('', {
      getRuns: async () => ({ items: [rolledBack, moving] }),
    });
    const now = await screen.findByRole('region', { name: 'What is moving?' });
    expect(within(now).getByRole('link')).toHaveAttribute(
      'href',
      '/rollouts/runs/run-3',
    );
    expect(
      within(now).getByRole('progressbar', { name: '1 of 4 ready' }),
    ).toHaveAttribute('aria-valuenow', '1');
    const lately = screen.getByRole('region', { name: 'Lately' });
    expect(within(lately).getByText('rolled back')).toBeInTheDocument();
  });

  it('tells forbidden and unreachable apart', async () => {
    const forbidden = showPage('', { getRuns: answered(403) });
    expect(
      await screen.findByText('You may not see the rollouts'),
    ).toBeInTheDocument();
    forbidden.unmount();
    showPage('', { getRuns: answered(503) });
    expect(
      await screen.findByText('Could not get the rollouts'),
    ).toBeInTheDocument();
  });
});

describe('the page of a run', () => {
  it('says what failed where, for what reason, and what stands now', async () => {
    showPage('/runs/run-2', { getRun: async () => rolledBack });
    const verdict = await screen.findByRole('region', { name: 'Is it good?' });
    expect(within(verdict).getByText('rolled back')).toBeInTheDocument();
    expect(
      within(verdict).getByText(
        'Deployment tools/orders › orders-7d9f-x2x › server',
      ),
    ).toBeInTheDocument();
    expect(within(verdict).getByText('ErrImagePull')).toBeInTheDocument();
    expect(within(verdict).getByText('manifest unknown')).toBeInTheDocument();
    expect(
      screen.getByRole('region', { name: 'The release before, restored' }),
    ).toHaveTextContent('Deployment tools/orders');
  });

  it('rolls back only after asking', async () => {
    const rollbackRun = jest.fn(async () => moving);
    showPage('/runs/run-1', { getRun: async () => standing, rollbackRun });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Roll back' }),
    );
    expect(rollbackRun).not.toHaveBeenCalled();
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('Roll back orders?');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Roll back' }),
    );
    expect(rollbackRun).toHaveBeenCalledWith('run-1');
  });

  it('says that there is no such run', async () => {
    showPage('/runs/gone', { getRun: answered(404) });
    expect(
      await screen.findByText('There is nothing at this address'),
    ).toBeInTheDocument();
  });
});

describe('the page of a plan', () => {
  it('shows the difference of each object', async () => {
    showPage('/plans/plan-2', { getPlan: async () => imageChange });
    await userEvent.click(
      await screen.findByRole('button', { name: /Deployment tools\/orders/ }),
    );
    const diff = screen.getByLabelText('Difference of Deployment tools/orders');
    expect(diff).toHaveTextContent('− image: orders:1');
    expect(diff).toHaveTextContent('+ image: orders:2');
  });

  it('starts exactly what it shows', async () => {
    const startRun = jest.fn(async () => moving);
    showPage('/plans/plan-2', { getPlan: async () => imageChange, startRun });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Start the rollout' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('sha256:bb');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Start the rollout' }),
    );
    expect(startRun).toHaveBeenCalledWith({
      planId: 'plan-2',
      digest: 'sha256:bb',
    });
  });

  it('shows why it is refused, and offers no start', async () => {
    showPage('/plans/plan-2', {
      getPlan: async () => ({
        ...imageChange,
        state: 'refused',
        problems: [
          {
            severity: 'error',
            code: 'immutable-field',
            message: 'A selector cannot change.',
            object: imageChange.objects[0].ref,
            field: 'spec.selector',
          },
        ],
      }),
    });
    const problems = await screen.findByRole('region', {
      name: 'What stands in the way',
    });
    expect(problems).toHaveTextContent(
      'immutable-field · Deployment tools/orders · spec.selector',
    );
    expect(problems).toHaveTextContent('A selector cannot change.');
    expect(
      screen.queryByRole('button', { name: 'Start the rollout' }),
    ).not.toBeInTheDocument();
  });
});

describe('the page of clusters', () => {
  it('shows a cluster that is down beside one that answers', async () => {
    const checkedAt = '2026-09-01T12:00:00Z';
    const authProvider = 'serviceAccount';
    showPage('/clusters', {
      getClusters: async () => ({
        items: [
          {
            name: 'prod',
            url: 'https://prod.example.org',
            authProvider,
            checkedAt,
            state: 'reachable',
            version: 'v1.36.3',
          },
          {
            name: 'edge',
            url: 'https://edge.example.org',
            authProvider,
            checkedAt,
            state: 'unreachable',
            message: 'No answer within 5 seconds.',
          },
        ],
      }),
    });
    expect(
      await screen.findByRole('region', { name: 'prod' }),
    ).toHaveTextContent('v1.36.3');
    expect(screen.getByRole('region', { name: 'edge' })).toHaveTextContent(
      'No answer within 5 seconds.',
    );
  });
});
