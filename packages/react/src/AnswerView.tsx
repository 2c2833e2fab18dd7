import { Alert, Button, Flex, Skeleton } from '@backstage/ui';
import { Fragment, type ReactNode } from 'react';
import type { Answer } from './answer';

/** @public */
export interface AnswerViewProps<T> {
  answer: Answer<T>;
  /** What was asked for, in the middle of a sentence, such as "the tools". */
  subject: string;
  /** Shown instead of the children where it gives something for the value, to say what is empty and how to fill it. */
  empty?: (value: T) => ReactNode | undefined;
  /** Placeholder while loading; a few lines by default. */
  loading?: ReactNode;
  /** Asks again. */
  onRetry?: () => void;
  children: (value: T) => ReactNode;
}

/**
 * Shows an answer, or which of the other states it is in: loading, empty, forbidden, missing, unreachable.
 *
 * @public
 */
export function AnswerView<T>(props: AnswerViewProps<T>) {
  const { answer, subject, empty, loading, onRetry, children } = props;
  const retry = onRetry && (
    <Button size="small" variant="secondary" onPress={onRetry}>
      Try again
    </Button>
  );
  switch (answer.state) {
    case 'loading':
      return (
        <div role="status" aria-label={`Loading ${subject}`}>
          {loading ?? <Lines />}
        </div>
      );
    case 'forbidden':
      return (
        <Alert
          status="warning"
          icon
          title={`You may not see ${subject}`}
          description="Your account lacks the permission. Ask whoever runs this portal for it."
        />
      );
    case 'missing':
      return (
        <Alert
          status="info"
          icon
          title="There is nothing at this address"
          description={`Looked for ${subject}: ${answer.error.message}`}
        />
      );
    case 'unreachable':
      return (
        <Alert
          status="danger"
          icon
          title={`Could not get ${subject}`}
          description={answer.error.message}
          customActions={retry}
        />
      );
    default: {
      const nothing = empty?.(answer.value);
      return (
        <Fragment>
          {answer.stale && (
            <Alert
              status="warning"
              icon
              mb="4"
              title={`This is the last known state: ${subject} could not be refreshed`}
              description={answer.stale.message}
              customActions={retry}
            />
          )}
          {nothing ?? children(answer.value)}
        </Fragment>
      );
    }
  }
}

function Lines() {
  return (
    <Flex direction="column" gap="3" py="2">
      <Skeleton width="40%" height={16} />
      <Skeleton width="100%" height={16} />
      <Skeleton width="100%" height={16} />
      <Skeleton width="70%" height={16} />
    </Flex>
  );
}
