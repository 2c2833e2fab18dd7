import {
  RiCheckboxCircleFill,
  RiErrorWarningFill,
  RiIndeterminateCircleFill,
  RiCloseCircleFill,
  RiLoader4Line,
} from '@remixicon/react';
import type { ReactNode } from 'react';
import styles from './Status.module.css';

/**
 * How something stands, apart from its name.
 *
 * @public
 */
export type StatusTone = 'good' | 'busy' | 'warning' | 'bad' | 'unknown';

/** @public */
export interface StatusProps {
  tone: StatusTone;
  /** The state's name; it is never told by colour alone. */
  children: ReactNode;
}

const icons = {
  good: RiCheckboxCircleFill,
  busy: RiLoader4Line,
  warning: RiErrorWarningFill,
  bad: RiCloseCircleFill,
  unknown: RiIndeterminateCircleFill,
};

/**
 * A state in a word, with its sign and colour.
 *
 * @example
 * ```tsx
 * <Status tone="good">verified</Status>
 * ```
 *
 * @public
 */
export function Status({ tone, children }: StatusProps) {
  const Icon = icons[tone];
  return (
    <span className={`${styles.status} ${styles[tone]}`}>
      <Icon aria-hidden className={styles.icon} />
      <span>{children}</span>
    </span>
  );
}
