import { Flex, Text } from '@backstage/ui';
import type { ReactNode } from 'react';

/** @public */
export interface TitleProps {
  /** What the page is about. */
  children: ReactNode;
  /** What can be done with it. */
  actions?: ReactNode;
}

/**
 * The title of a page below a list, in line with what stands below it.
 *
 * @public
 */
export function Title({ children, actions }: TitleProps) {
  return (
    <Flex justify="between" align="center" gap="3" style={{ flexWrap: 'wrap' }}>
      <Text
        as="h1"
        variant="title-medium"
        weight="bold"
        style={{ overflowWrap: 'anywhere' }}
      >
        {children}
      </Text>
      {actions}
    </Flex>
  );
}
