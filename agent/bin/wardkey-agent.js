#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Starts wardkey-agent.

import { nodeFits } from './node-fits.js'

if (nodeFits('wardkey-agent')) {
  const { main } = await import('../src/main.ts')
  process.exitCode = await main(process.argv.slice(2))
}
