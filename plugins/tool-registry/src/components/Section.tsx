import { Card, CardBody, CardHeader, Text } from '@backstage/ui';
import { useId, type ReactNode } from 'react';

/** One question of a page, with its answer. */
export function Section(props: { title: string; children: ReactNode }) {
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
