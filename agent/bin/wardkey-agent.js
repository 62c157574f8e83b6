#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Starts wardkey-agent.

import { main } from '../src/main.ts'

process.exitCode = await main(process.argv.slice(2))
