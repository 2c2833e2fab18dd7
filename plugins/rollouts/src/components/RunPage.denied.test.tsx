import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { screen } from '@testing-library/react';
import { showPage, standing } from './__testUtils__/showPage';

// In a file of its own: a permission's answer is remembered between renders.
describe('the page of a run', () => {
  it('explains why it may not be rolled back', async () => {
    showPage(
      '/runs/run-1',
      { getRun: async () => standing },
      AuthorizeResult.DENY,
    );
    expect(
      await screen.findByText('You may not roll back.'),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Roll back' }),
    ).not.toBeInTheDocument();
  });
});
