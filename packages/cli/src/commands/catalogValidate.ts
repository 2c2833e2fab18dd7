import { parseJson, validateCatalog, type Profile } from '@agentyard/eat';
import { readInput } from '../files';
import { describeProblem, type Outcome } from '../outcome';

/** `agentyard catalog validate`: all that is wrong with a catalog, each with a code and a place. */
export async function catalogValidate(
  file: string,
  options: { profile: Profile; allowLoopback?: boolean },
): Promise<Outcome> {
  const { valid, rootErrors, rejectedTools, warnings, tools } = validateCatalog(
    parseJson(await readInput(file)),
    options,
  );
  const reasons = [
    ...rootErrors,
    ...rejectedTools.flatMap(({ problems }) => problems),
  ];
  return {
    exitCode: valid ? 0 : 1,
    json: {
      status: valid ? 'valid' : 'refused',
      reasons,
      warnings,
      tools: tools.map(({ name }) => name),
    },
    text: [
      ...reasons.map(describeProblem),
      ...warnings.map(warning => `warning: ${describeProblem(warning)}`),
      valid
        ? `${file} is valid: ${tools.length} tools`
        : `${file} is not valid: ${reasons.length} errors`,
    ].join('\n'),
  };
}
