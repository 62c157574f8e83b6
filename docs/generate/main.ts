// npm run docs: writes what is made from the code into its files, and nothing else.

import { mkdirSync, writeFileSync } from 'node:fs'
import { generatedDocuments } from './generated-documents.ts'

for (const [path, text] of generatedDocuments()) {
  const file = new URL(`../../${path}`, import.meta.url)
  mkdirSync(new URL('.', file), { recursive: true })
  writeFileSync(file, text)
}
