// People, their PINs and who is where: the addresses, and which flow each one is.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { personId } from '@wardkey/protocol/ids'
import {
  newPerson,
  newPin,
  peoplePage,
  peopleQuery,
  personAdded,
  personChange,
  personShown,
  revocation,
  revoked,
  sessionsPage,
} from '@wardkey/protocol/admin/people'
import { addPerson } from '../../flows/add-person.ts'
import { changePerson } from '../../flows/change-person.ts'
import { lookAt } from '../../flows/look-at.ts'
import { revokePerson } from '../../flows/revoke-person.ts'
import { setPin } from '../../flows/set-pin.ts'
import { listPeople } from '../../identity/people.ts'
import { problemOf } from '../problem.ts'
import type { AdminNeeds } from './admin-needs.ts'
import { callerOf } from './caller.ts'
import { noes } from './noes.ts'
import { replyOf, replyOnce, send } from './reply-once.ts'
import { showPerson, showSessions, summaryOf } from './show-people.ts'

const params = z.strictObject({ personId })
const done = z.null()

export function registerPeople(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/people',
    config: { scope: 'people:write' },
    schema: {
      summary: 'Add a person',
      tags: ['people'],
      body: newPerson,
      response: { 201: personAdded, ...noes },
    },
    handler: async (request, reply) =>
      replyOnce(
        request,
        reply,
        needs,
        () => addPerson({ ...request.body, by: callerOf(request).by }, needs),
        (answer) => ({ status: 201, body: { personId: answer.personId } }),
      ),
  })
  app.route({
    method: 'GET',
    url: '/people',
    config: { scope: 'people:read' },
    schema: {
      summary: 'List people, in the order of their ids',
      tags: ['people'],
      querystring: peopleQuery,
      response: { 200: peoplePage, ...noes },
    },
    handler: async (request, reply) => {
      const { after, limit } = request.query
      const see = async () => {
        const page = after === undefined ? { limit } : { after, limit }
        const found = await listPeople(needs.db, page)
        const people = await Promise.all(found.map((person) => summaryOf(person, needs)))
        const last = found.length === limit ? found.at(-1) : undefined
        return { people, ...(last === undefined ? {} : { next: last.id }) }
      }
      const { by } = callerOf(request)
      const seen = await needs.perform(lookAt({ by, action: 'people.list' }, see, needs))
      return reply.send(seen.answer)
    },
  })
  registerOnePerson(fastify, needs)
}

function registerOnePerson(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/people/:personId',
    config: { scope: 'people:read' },
    schema: {
      summary: 'Show a person, and, with sessions:read or presence:read, where she is',
      tags: ['people'],
      params,
      response: { 200: personShown, ...noes },
    },
    handler: async (request, reply) => {
      const person = request.params.personId
      const { by, scopes } = callerOf(request)
      // Who she is, is one thing; where she is, another.
      const where = scopes.has('sessions:read') || scopes.has('presence:read')
      const see = () => showPerson(person, needs, where)
      const look = { by, action: 'people.show', about: { person } }
      const seen = await needs.perform(lookAt(look, see, needs))
      if (seen.answer) return reply.send(seen.answer)
      return send(reply, { status: 404, body: problemOf(404, 'person-unknown') })
    },
  })
  app.route({
    method: 'PATCH',
    url: '/people/:personId',
    config: { scope: 'people:write' },
    schema: {
      summary: 'Change a person’s name, roles or staff number, or bring her back to work',
      tags: ['people'],
      params,
      body: personChange,
      response: { 204: done, ...noes },
    },
    handler: async (request, reply) => {
      const change = { ...request.body, ...request.params, by: callerOf(request).by }
      const { answer } = await needs.perform(() => changePerson(change, needs))
      return send(
        reply,
        replyOf(answer, () => ({ status: 204, body: null })),
      )
    },
  })
  app.route({
    method: 'POST',
    url: '/people/:personId/revocation',
    config: { scope: 'people:write' },
    schema: {
      summary: 'End a person’s access: sessions end, screens lock, in the same act',
      tags: ['people'],
      params,
      body: revocation,
      response: { 200: revoked, ...noes },
    },
    handler: async (request, reply) =>
      replyOnce(
        request,
        reply,
        needs,
        () => revokePerson({ ...request.body, ...request.params, by: callerOf(request).by }, needs),
        ({ sessions }) => ({ status: 200, body: { sessions } }),
      ),
  })
  registerPins(fastify, needs)
}

function registerPins(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'PUT',
    url: '/people/:personId/pin',
    config: { scope: 'pins:write' },
    schema: {
      summary: 'Set or reset a PIN; what the old one had opened for the badge alone ends',
      tags: ['people'],
      params,
      body: newPin,
      response: { 204: done, ...noes },
    },
    handler: async (request, reply) => {
      const asked = { ...request.body, ...request.params, by: callerOf(request).by }
      const { answer } = await setPin(asked, needs)
      return send(
        reply,
        replyOf(answer, () => ({ status: 204, body: null })),
      )
    },
  })
  app.route({
    method: 'GET',
    url: '/sessions',
    config: { scope: 'sessions:read' },
    schema: {
      summary: 'Who is where now: sessions that have not ended',
      tags: ['sessions'],
      response: { 200: sessionsPage, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'sessions.list' }
      const seen = await needs.perform(lookAt(look, () => showSessions(needs), needs))
      return reply.send({ sessions: [...seen.answer] })
    },
  })
}
