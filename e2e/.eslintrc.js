const { createConfigForRole } = require('@backstage/cli/config/eslint-factory');

module.exports = createConfigForRole(__dirname, 'node-library', {
  rules: {
    // What matters stands first in a file; what it is made of comes after.
    '@typescript-eslint/no-use-before-define': 'off',
    // Tests are written in loops over cases.
    'no-loop-func': 'off',
  },
});
