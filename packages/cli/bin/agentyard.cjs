#!/usr/bin/env node
const { existsSync } = require('node:fs');
const path = require('node:path');

// In the repository the sources run as they are; a published package has only what was built from them.
if (existsSync(path.resolve(__dirname, '../src'))) {
  require('@backstage/cli/config/nodeTransform.cjs');
  require('../src');
} else {
  require('../dist/index.cjs.js');
}
