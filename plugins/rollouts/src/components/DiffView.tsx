import styles from './DiffView.module.css';

const kinds: Record<string, { style: string; sign: string }> = {
  '+': { style: styles.added, sign: '+' },
  '-': { style: styles.removed, sign: '−' },
  '@': { style: styles.place, sign: '' },
};

/** A unified diff, its lines told apart by sign as well as by colour. */
export function DiffView(props: { diff: string; label: string }) {
  const { diff, label } = props;
  const lines = diff
    .replace(/\n$/, '')
    .split('\n')
    .filter(line => !/^(---|\+\+\+|Index:|=====)/.test(line));
  return (
    // A keyboard must be able to scroll what is wider than the page.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={styles.diff} aria-label={label} tabIndex={0}>
      {lines.map((line, index) => {
        const kind = kinds[line[0]];
        return (
          <span key={index} className={`${styles.line} ${kind?.style ?? ''}`}>
            <span className={styles.sign}>{kind?.sign ?? ''}</span>
            {line[0] === '@' ? line : line.slice(1)}
            {'\n'}
          </span>
        );
      })}
    </pre>
  );
}
