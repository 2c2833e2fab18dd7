import { Container, Flex, Link } from '@backstage/ui';
import type { ReactNode } from 'react';

/** @public */
export interface PageProps {
  /** The way back to the list that the page belongs to. */
  back?: { href: string; text: string };
  children: ReactNode;
}

/**
 * Room for a page's answers, one below the other.
 *
 * @public
 */
export function Page(props: PageProps) {
  return (
    <Container>
      <Flex direction="column" gap="4" py="4">
        {props.back && (
          <span>
            <Link href={props.back.href}>← {props.back.text}</Link>
          </span>
        )}
        {props.children}
      </Flex>
    </Container>
  );
}
