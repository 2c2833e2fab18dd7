/**
 * The agentyard command.
 *
 * @packageDocumentation
 */
import './main';
