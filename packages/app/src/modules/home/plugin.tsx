import {
  createFrontendPlugin,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { RiHome4Line } from '@remixicon/react';

/** The page that the portal opens on. */
export const homePlugin = createFrontendPlugin({
  pluginId: 'home',
  title: 'Home',
  extensions: [
    PageBlueprint.make({
      params: {
        path: '/',
        title: 'Home',
        icon: <RiHome4Line />,
        loader: () => import('./HomePage').then(m => <m.HomePage />),
      },
    }),
  ],
});
