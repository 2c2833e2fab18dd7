/**
 * What does the suite cost at start? Time from the start of the process until the backend is ready, of `packages/backend`
 * against a plain create-app backend on the same dependencies, run the same way, each with an empty database in memory.
 *
 * All take turns, after one round that counts for nothing; a ratio is that of the medians of three. Exits with 1 if one
 * is above the goal, with 2 if nothing could be measured.
 */
import { PORTS, secondsToReady, type Subject } from './backend';

const GOAL = 1.2;
const RUNS = 3;

const ours = { entry: 'packages/backend/src/index.ts', port: PORTS.ours };
const PLAIN: Subject = {
  name: 'plain',
  entry: 'benchmarks/start-to-ready/plain/index.ts',
  port: PORTS.plain,
  demo: false,
};
const OURS: Subject[] = [
  { ...ours, name: 'ours, demo world off', demo: false },
  { ...ours, name: 'ours, demo world on', demo: true },
];

async function main(): Promise<number> {
  const subjects = [PLAIN, ...OURS];
  const seconds = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let run = 0; run <= RUNS; run++) {
    for (const subject of subjects) {
      const time = await secondsToReady(subject);
      process.stderr.write(
        `${run === 0 ? 'warm-up' : `run ${run}`}: ${
          subject.name
        } ${time.toFixed(2)} s\n`,
      );
      if (run > 0) seconds.get(subject.name)!.push(time);
    }
  }

  let good = true;
  const floor = median(seconds.get(PLAIN.name)!);
  for (const { name } of OURS) {
    const time = median(seconds.get(name)!);
    const ratio = time / floor;
    good &&= ratio <= GOAL;
    process.stdout.write(
      `start to ready, ${name}: ratio ${ratio.toFixed(
        2,
      )} (goal <= ${GOAL}); ${time.toFixed(2)} s, plain ${floor.toFixed(
        2,
      )} s\n`,
    );
  }
  return good ? 0 : 1;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

main().then(
  code => {
    process.exitCode = code;
  },
  error => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  },
);
