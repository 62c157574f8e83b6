// What runs first in an executable and in each of its threads: it closes both to what its starter's
// environment and folders say. Imported for what it does, before all else.

import { isMainThread } from 'node:worker_threads'
import { closeEnvironment } from '../platform/settings.ts'
import { loadNothingElse } from './places.ts'

if (isMainThread) closeEnvironment()
loadNothingElse()
