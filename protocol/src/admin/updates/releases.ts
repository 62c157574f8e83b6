// Releases as the admin door takes them: by their manifest alone, as it was signed.

import { z } from 'zod'
import { manifestTextMax } from '../../workstation/updates/manifest.ts'

export const releaseOrder = z.strictObject({ manifest: z.string().min(1).max(manifestTextMax) })
export const releaseAdded = z.object({ number: z.int(), release: z.string() })
