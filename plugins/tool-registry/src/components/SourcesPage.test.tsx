import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ordersSource, showSources } from './__testUtils__/sourcesPage';

const listSources = async () => ({ items: [ordersSource] });

describe('the page of sources', () => {
  it('says what failed and why, and reads it again on request', async () => {
    const refreshSource = jest.fn(async () => ordersSource);
    showSources({ listSources, refreshSource }, AuthorizeResult.ALLOW);
    expect(await screen.findByText('TIMEOUT')).toBeInTheDocument();
    expect(
      screen.getByText('No answer within 10 seconds.'),
    ).toBeInTheDocument();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Read now: orders' }),
    );
    expect(refreshSource).toHaveBeenCalledWith('orders');
  });
});
