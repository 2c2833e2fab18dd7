/**
 * Channel on which the backend says that a run changed. Carries an id alone: readers fetch the run with their own
 * credentials.
 *
 * @public
 */
export const RUN_SIGNAL_CHANNEL = 'rollouts:run';

/**
 * Message on {@link RUN_SIGNAL_CHANNEL}.
 *
 * @public
 */
export type RunSignal = {
  /** The run that changed. */
  runId: string;
};
