/**
 * Events topic on which the registry says that its entities changed; the payload is
 * {@link ToolRegistryChanged}.
 *
 * @public
 */
export const TOOL_REGISTRY_CHANGED_TOPIC = 'agentyard.tool-registry.changed';

/**
 * Signals channel on which the registry tells open pages what changed; the message is
 * {@link ToolRegistryChanged}.
 *
 * @public
 */
export const TOOL_REGISTRY_CHANGED_CHANNEL = 'tool-registry:changed';

/**
 * What changed, by id; readers ask the API for the rest.
 *
 * @public
 */
export type ToolRegistryChanged = {
  /** Sources that were read. */
  sourceIds: string[];
  /** Servers whose health, tools or description changed. */
  serverIds: string[];
};
