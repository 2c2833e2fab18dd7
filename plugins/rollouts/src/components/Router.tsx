import { Route, Routes } from 'react-router-dom';
import {
  clustersRouteRef,
  newPlanRouteRef,
  planRouteRef,
  releasesRouteRef,
  runRouteRef,
} from '../routes';
import { ClustersPage } from './ClustersPage';
import { NewPlanPage } from './NewPlanPage';
import { PlanPage } from './PlanPage';
import { ReleasesPage } from './ReleasesPage';
import { RunPage } from './RunPage';
import { RunsPage } from './RunsPage';

/** All pages of rollouts. */
export function RolloutsRouter() {
  return (
    <Routes>
      <Route path="/" element={<RunsPage />} />
      <Route path={runRouteRef.path} element={<RunPage />} />
      <Route path={planRouteRef.path} element={<PlanPage />} />
      <Route path={newPlanRouteRef.path} element={<NewPlanPage />} />
      <Route path={releasesRouteRef.path} element={<ReleasesPage />} />
      <Route path={clustersRouteRef.path} element={<ClustersPage />} />
    </Routes>
  );
}
