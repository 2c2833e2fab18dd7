import { Container, Flex, Link } from '@backstage/ui';
import type { ReactNode } from 'react';

/** Room for a page's answers; with a way back where the page belongs to a list. */
export function Page(props: {
  back?: { href: string; text: string };
  children: ReactNode;
}) {
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
