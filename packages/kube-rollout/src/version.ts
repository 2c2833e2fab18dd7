import { version } from '../package.json';

/** How the engine names itself to API servers; audit logs are counted by it. */
export const USER_AGENT = `agentyard-rollout/${version}`;

/** The one field manager under which the engine applies. */
export const FIELD_MANAGER = 'agentyard';
