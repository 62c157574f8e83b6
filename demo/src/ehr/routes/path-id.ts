// The one id in a path, parsed. Gives undefined for anything that no resource of ours is called.

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

const params = z.object({ id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/) })

export function pathId(request: FastifyRequest): string | undefined {
  const parsed = params.safeParse(request.params)
  return parsed.success ? parsed.data.id : undefined
}
