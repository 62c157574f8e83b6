#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Starts wardkey-record.

import { nodeFits } from './node-fits.js'

if (nodeFits('wardkey-record')) {
  const { recordMain } = await import('../src/record-main.ts')
  process.exitCode = await recordMain(process.argv.slice(2))
}
