import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { openApiDocument } from '../src/openapi.ts';

const file = new URL('../openapi/openapi.yaml', import.meta.url);
const text = stringify(openApiDocument(), { aliasDuplicateObjects: false, lineWidth: 100 });
await writeFile(file, `# Written from the tools by \`npm run openapi\`.\n${text}`);
