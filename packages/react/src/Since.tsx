import { useEffect, useState } from 'react';

/** @public */
export interface SinceProps {
  /** Moment in RFC 3339. */
  at: string;
}

const units: Array<[Intl.RelativeTimeFormatUnit, number]> = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/**
 * A moment as its distance from now, such as "3 minutes ago" or "in 11 hours"; the exact time shows on hover.
 *
 * @public
 */
export function Since({ at }: SinceProps) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);

  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return <span>{at}</span>;
  return (
    <time dateTime={moment.toISOString()} title={moment.toLocaleString()}>
      {distance(moment.getTime() - now)}
    </time>
  );
}

function distance(ms: number): string {
  const [unit, size] =
    units.find(([, length]) => Math.abs(ms) >= length) ??
    units[units.length - 1];
  return new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(
    Math.trunc(ms / size),
    unit,
  );
}
