import { Flex, Text } from '@backstage/ui';
import type { ReactNode } from 'react';

/** What is empty, and how to fill it. */
export function Nothing(props: {
  title: string;
  text: string;
  action?: ReactNode;
}) {
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
