import { Card, CardBody, CardHeader, Text } from '@backstage/ui';
import { useId, type ReactNode } from 'react';

/** @public */
export interface SectionProps {
  /** The question, as a heading. */
  title: string;
  children: ReactNode;
}

/**
 * One question of a page, with its answer.
 *
 * @public
 */
export function Section(props: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Card>
        <CardHeader>
          <Text as="h2" id={id} variant="title-x-small" weight="bold">
            {props.title}
          </Text>
        </CardHeader>
        <CardBody>{props.children}</CardBody>
      </Card>
    </section>
  );
}
