#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Starts wardkey-broker.

import { nodeFits } from './node-fits.js'

if (nodeFits('wardkey-broker')) {
  const { brokerMain } = await import('../src/command-main.ts')
  process.exitCode = await brokerMain(process.argv.slice(2))
}
