// Reads a log and prints "passed failed skipped", added up over the closing lines of Jest, Node's test runner,
// Playwright, and our own scripts ("N passed, N failed").
import { readFileSync } from 'node:fs';

const log = readFileSync(process.argv[2], 'utf8').replace(
  /\u001b\[[0-9;]*m/g,
  '',
);
const sum = pattern =>
  [...log.matchAll(pattern)].reduce(
    (total, [, number]) => total + Number(number),
    0,
  );
const jest = word => sum(new RegExp(`^Tests:.*?(\\d+) ${word}`, 'gm'));
const node = word => sum(new RegExp(`^(?:ℹ|#) ${word} (\\d+)$`, 'gm'));
const playwright = word =>
  sum(new RegExp(`^ +(\\d+) ${word}(?: \\(.*\\))?$`, 'gm'));

console.log(
  jest('passed') +
    node('pass') +
    playwright('passed') +
    sum(/^(\d+) passed, \d+ failed/gm),
  jest('failed') +
    node('fail') +
    playwright('failed') +
    sum(/^\d+ passed, (\d+) failed/gm),
  jest('skipped') + node('skipped') + playwright('skipped'),
);
