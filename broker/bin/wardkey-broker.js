#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Starts wardkey-broker.

import { brokerMain } from '../src/command-main.ts'

process.exitCode = await brokerMain(process.argv.slice(2))
