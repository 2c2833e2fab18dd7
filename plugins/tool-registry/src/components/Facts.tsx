import { Fragment, type ReactNode } from 'react';
import styles from './Facts.module.css';

/** Names and values; those without a value are left out. */
export function Facts(props: {
  items: Array<[name: string, value: ReactNode | undefined]>;
}) {
  return (
    <dl className={styles.facts}>
      {props.items
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
