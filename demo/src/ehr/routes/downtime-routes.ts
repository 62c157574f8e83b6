// The way to the downtime view: one form field, posted by a workstation's own empty page. There is
// no other way in, and it leads nowhere else.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { downtimeDoor } from '../downtime/downtime-door.ts'
import type { Ehr } from '../ehr.ts'
import { barePage, downtimeDocument } from '../pages/frame.ts'
import { noticeBody, notices } from '../pages/notices.ts'

const formType = /^application\/x-www-form-urlencoded(?:$|[ ;])/i
const body = z.strictObject({ [downtimeDoor.field]: z.string().min(1).max(128) })

export function addDowntimeRoutes(app: FastifyInstance, ehr: Ehr): void {
  const { downtime } = ehr
  // Without a key there is no door.
  if (downtime === undefined) return
  const refuse = (reply: FastifyReply, why: string): FastifyReply => {
    ehr.log.warn('downtime.refused', { why })
    const page = barePage('Closed', noticeBody(notices['downtime-closed'], 'downtime-closed'))
    return reply.code(403).type('text/html; charset=utf-8').send(page.text)
  }
  app.post(
    downtimeDoor.path,
    { bodyLimit: 1024 },
    (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
      // An empty page has no origin. A page that has one is somebody else's, or our own chart's.
      if (request.headers.origin !== 'null') return refuse(reply, 'origin')
      const parsed = body.safeParse(request.body)
      const isForm = formType.test(request.headers['content-type'] ?? '')
      if (!isForm || !parsed.success) return refuse(reply, 'form')
      const sheet = downtime.find(parsed.data[downtimeDoor.field])
      if (sheet === undefined) return refuse(reply, 'key')
      // Nobody is signed in: who it was is in the workstation's journal.
      ehr.log.info('downtime.opened')
      return reply.type('text/html; charset=utf-8').send(downtimeDocument(sheet).text)
    },
  )
}
