import { Flex, Text } from '@backstage/ui';
import type { ReactNode } from 'react';

/** @public */
export interface NothingProps {
  /** What is empty. */
  title: string;
  /** How to fill it. */
  text: string;
  /** The next step. */
  action?: ReactNode;
}

/**
 * What is empty, and how to fill it.
 *
 * @public
 */
export function Nothing(props: NothingProps) {
  return (
    <Flex direction="column" gap="2" py="6" align="start">
      <Text as="h2" variant="title-x-small" weight="bold">
        {props.title}
      </Text>
      <Text as="p" color="secondary">
        {props.text}
      </Text>
      {props.action}
    </Flex>
  );
}
