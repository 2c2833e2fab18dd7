import { Button } from '@backstage/ui';
import { useState } from 'react';
import styles from './CodeBlock.module.css';
import { useTexts } from './useRegistry';

/** Text to be read by machines, with a button that copies it. */
export function CodeBlock({ text, label }: { text: string; label?: string }) {
  const t = useTexts();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await window.navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <figure className={styles.block}>
      {label && <figcaption className={styles.label}>{label}</figcaption>}
      {/* A keyboard must be able to scroll what is wider than the page. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={styles.text} tabIndex={0}>
        {text}
      </pre>
      <span className={styles.copy}>
        <Button size="small" variant="tertiary" onPress={copy}>
          {copied ? t('tool.copied') : t('tool.copy')}
        </Button>
      </span>
    </figure>
  );
}
