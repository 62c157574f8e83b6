// What a browser asks for beside each bare page: its style, and a picture that there is none of.

import type { FastifyInstance } from 'fastify'
import { stylePath } from './page.ts'
import { style } from './pages.ts'

/** Browsers ask for it by themselves; a 404 would stand in the console of each page. */
const picturePath = '/favicon.ico'

export function registerPageExtras(fastify: FastifyInstance): void {
  fastify.get(stylePath, (_request, reply) =>
    reply.header('content-type', 'text/css; charset=utf-8').send(style),
  )
  fastify.get(picturePath, (_request, reply) => reply.code(204).send())
}
