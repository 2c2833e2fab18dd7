import { Route, Routes } from 'react-router-dom';
import { CatalogPage } from './CatalogPage';
import { CatalogsPage } from './CatalogsPage';
import { ServerPage } from './ServerPage';
import { ServersPage } from './ServersPage';
import { ToolPage } from './ToolPage';
import { ToolsPage } from './ToolsPage';

/** The list of tools, and below it one tool. */
export function ToolsRouter() {
  return (
    <Routes>
      <Route path="/" element={<ToolsPage />} />
      <Route path="/:id" element={<ToolPage />} />
    </Routes>
  );
}

/** The list of servers, and below it one server. */
export function ServersRouter() {
  return (
    <Routes>
      <Route path="/" element={<ServersPage />} />
      <Route path="/:id" element={<ServerPage />} />
    </Routes>
  );
}

/** The list of catalogs, and below it one catalog. */
export function CatalogsRouter() {
  return (
    <Routes>
      <Route path="/" element={<CatalogsPage />} />
      <Route path="/:id" element={<CatalogPage />} />
    </Routes>
  );
}
