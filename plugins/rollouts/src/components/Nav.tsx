import { useRouteRef } from '@backstage/core-plugin-api';
import { Tab, TabList, Tabs } from '@backstage/ui';
import {
  clustersRouteRef,
  newPlanRouteRef,
  releasesRouteRef,
  rolloutsRouteRef,
} from '../routes';
import { useTexts } from './useRollouts';

/** The parts of the plugin beside each other. */
export function Nav() {
  const t = useTexts();
  const runs = useRouteRef(rolloutsRouteRef)();
  const releases = useRouteRef(releasesRouteRef)();
  const clusters = useRouteRef(clustersRouteRef)();
  const newPlan = useRouteRef(newPlanRouteRef)();
  return (
    <Tabs>
      <TabList aria-label={t('nav.label')}>
        <Tab id="runs" href={runs}>
          {t('nav.runs')}
        </Tab>
        <Tab id="releases" href={releases}>
          {t('nav.releases')}
        </Tab>
        <Tab id="clusters" href={clusters}>
          {t('nav.clusters')}
        </Tab>
        <Tab id="new" href={newPlan}>
          {t('nav.newPlan')}
        </Tab>
      </TabList>
    </Tabs>
  );
}
