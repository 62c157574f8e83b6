// npm run docs: writes what is made from the code into docs/, and nothing else.

import { writeFileSync } from 'node:fs'
import { generatedDocuments } from './generated-documents.ts'

for (const [name, text] of generatedDocuments()) {
  writeFileSync(new URL(`../${name}`, import.meta.url), text)
}
