// The three files that pages ask for, read once at start. Serves nothing else from the disk.

import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'

const assets = [
  ['chart.css', 'text/css; charset=utf-8'],
  ['session-watch.js', 'text/javascript; charset=utf-8'],
  ['mark.svg', 'image/svg+xml'],
] as const

export async function addAssetRoutes(app: FastifyInstance): Promise<void> {
  for (const [name, type] of assets) {
    const content = await readFile(new URL(`../assets/${name}`, import.meta.url))
    app.get(`/assets/${name}`, (_request, reply) =>
      reply.type(type).header('cache-control', 'no-cache').send(content),
    )
  }
}
