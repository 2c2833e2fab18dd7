import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { screen } from '@testing-library/react';
import { ordersSource, showSources } from './__testUtils__/sourcesPage';

const listSources = async () => ({ items: [ordersSource] });

// In a file of its own: a permission's answer is remembered between renders.
describe('the page of sources', () => {
  it('explains why a source may not be read', async () => {
    showSources({ listSources }, AuthorizeResult.DENY);
    expect(
      await screen.findByText('You may not have sources read.'),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: /Read now/ }),
    ).not.toBeInTheDocument();
  });
});
