/**
 * A set-up step that cannot go on, told to a person: what failed, and what to do about it.
 * `code` is stable: NETWORK, DISK_FULL, PORT_TAKEN, NO_PACKAGE, LOCK_CHANGED, NODE_TOO_OLD, BUSY, FAILED.
 */
export class SetupProblem extends Error {
  constructor(code, message, advice, detail) {
    super(message);
    this.name = 'SetupProblem';
    this.code = code;
    this.advice = advice;
    this.detail = detail;
  }
}

const kinds = [
  {
    code: 'DISK_FULL',
    pattern: /ENOSPC|no space left on device|EDQUOT/i,
    message: 'the disk is full',
    advice:
      'Free about 4 GB where the project lies (and in the folder of temporary files), then run the command again.',
  },
  {
    code: 'NETWORK',
    pattern:
      /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|RequestError|CERT_|SELF_SIGNED|UNABLE_TO_VERIFY|YN0001.*(timeout|connect)/i,
    message: 'the package registry could not be reached',
    advice:
      'Check the connection, and what npm uses: `npm config get registry`, `npm config get proxy`, `npm config get cafile`. `npm ping` shows whether npm itself gets through.',
  },
  {
    code: 'NO_PACKAGE',
    pattern: /E404|ETARGET|YN0035|YN0082|Not Found/,
    message: 'the package registry does not have a package that is needed',
    advice:
      'If npm is configured with a mirror, have it carry the package named above: `npm config get registry` shows which one is asked.',
  },
  {
    code: 'LOCK_CHANGED',
    pattern: /YN0028/,
    message: 'package.json and yarn.lock do not belong together',
    advice:
      'Restore both from Git (`git status` shows what changed). After changing dependencies on purpose, run `yarn install` and commit yarn.lock.',
  },
];

/** Reads the output of a failed npm or Yarn run and says which of the known problems it was. */
export function explain(step, output) {
  const kind = kinds.find(({ pattern }) => pattern.test(output));
  const tail = output.trim().split('\n').slice(-12).join('\n');
  return kind
    ? new SetupProblem(kind.code, `${step}: ${kind.message}`, kind.advice, tail)
    : new SetupProblem(
        'FAILED',
        `${step} failed`,
        'The last lines of its output stand above.',
        tail,
      );
}
