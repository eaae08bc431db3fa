import { type Page, readPage, toPage } from '../../platform/http/page.js';
import type { Paging } from '../../platform/resource/resource.service.js';
import type { Deployment, DeploymentPage } from '../../store/deployment.store.js';

/** Which clusters of an environment. */
export interface DeploymentFilter {
  /** By what their last report says. */
  readonly result?: string | undefined;
  /** true: those that do not run the latest version, or none at all; false: those that do. */
  readonly behind?: boolean | undefined;
}

/** What to ask the store for, and the page that its answer is. */
interface DeploymentList {
  readonly asked: DeploymentPage;
  readonly page: (rows: readonly Deployment[]) => Page<Deployment>;
}

/** One list for REST and GraphQL, so that the cursors of one lead on in the other. Refuses (malformed) the page token of another list. */
export function deploymentList(
  environment: string,
  { result, behind }: DeploymentFilter,
  paging: Paging,
): DeploymentList {
  const list = ['deployment', environment, { result, behind }];
  const request = readPage(paging, list);
  return {
    asked: { environment, result, behind, after: request.after, take: request.size + 1 },
    page: (rows) => toPage(rows, request, list, ({ cluster }) => cluster),
  };
}
