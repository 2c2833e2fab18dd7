import type { JsonObject, JsonValue } from '@backstage/types';
import {
  Accordion,
  AccordionPanel,
  AccordionTrigger,
  Text,
} from '@backstage/ui';
import { CodeBlock } from './CodeBlock';
import { describeFields } from './schemaFields';
import styles from './SchemaTable.module.css';
import { useTexts } from './useRegistry';

/** A JSON Schema as its fields: name, type, whether it must be given, meaning. The schema itself stands below. */
export function SchemaTable(props: { schema: JsonObject; empty: string }) {
  const { schema, empty } = props;
  const t = useTexts();
  const fields = describeFields(schema);
  return (
    <>
      {fields.length === 0 ? (
        <Text as="p" color="secondary">
          {empty}
        </Text>
      ) : (
        <div
          className={styles.scroll}
          // A keyboard must be able to scroll what is wider than the page.
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          role="region"
          aria-label={t('tool.field')}
        >
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('tool.field')}</th>
                <th scope="col">{t('tool.type')}</th>
                <th scope="col">{t('tool.meaning')}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map(field => (
                <tr key={field.path}>
                  <th scope="row">
                    <code>{field.path}</code>
                    <span className={styles.need}>
                      {field.required ? t('tool.required') : t('tool.optional')}
                    </span>
                  </th>
                  <td>
                    <code>{field.type}</code>
                  </td>
                  <td>{field.description}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Accordion>
        <AccordionTrigger title={t('tool.raw')} />
        <AccordionPanel>
          <CodeBlock text={JSON.stringify(schema as JsonValue, null, 2)} />
        </AccordionPanel>
      </Accordion>
    </>
  );
}
