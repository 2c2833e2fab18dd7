import { Fragment, type ReactNode } from 'react';
import styles from './Facts.module.css';

/** @public */
export interface FactsProps {
  /** Names and values; an undefined or empty value leaves the fact out. */
  items: Array<[name: string, value: ReactNode | undefined]>;
}

/**
 * Names and values, one below the other.
 *
 * @public
 */
export function Facts(props: FactsProps) {
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
