#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Starts wardkey-record.

import { recordMain } from '../src/record-main.ts'

process.exitCode = await recordMain(process.argv.slice(2))
