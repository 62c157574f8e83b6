// Releases for workstations and their roll-outs. Nothing here is about a person, so looking is no
// fact.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { releaseAdded, releaseOrder } from '@wardkey/protocol/admin/updates/releases'
import {
  ringMembersShown,
  rolloutBegun,
  rolloutId,
  rolloutOrder,
  rolloutSteering,
  updatesShown,
} from '@wardkey/protocol/admin/updates/rollouts'
import { addRelease } from '../../../flows/updates/add-release.ts'
import { findRollout } from '../../../flows/updates/rollout-rows.ts'
import { showMembers, showUpdates } from '../../../flows/updates/show-updates.ts'
import { approveRollout, beginRollout, steerRollout } from '../../../flows/updates/steer-rollout.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOnce, send } from '../reply-once.ts'
import { problemOf } from '../../problem.ts'

const tags = ['updates']
const params = z.strictObject({ rolloutId })

export function registerUpdates(fastify: FastifyInstance, needs: AdminNeeds): void {
  registerLooks(fastify, needs)
  registerReleases(fastify, needs)
  registerSteering(fastify, needs)
}

function registerLooks(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/updates',
    config: { scope: 'workstations:read' },
    schema: {
      summary: 'Releases, and how far each ring of their roll-outs is',
      tags,
      response: { 200: updatesShown, ...noes },
    },
    handler: async (_request, reply) => reply.send(await showUpdates(needs)),
  })
  app.route({
    method: 'GET',
    url: '/rollouts/:rolloutId/workstations',
    config: { scope: 'workstations:read' },
    schema: {
      summary: 'Which workstation is in which ring, how its update went, and why it waits',
      tags,
      params,
      response: { 200: ringMembersShown, ...noes },
    },
    handler: async (request, reply) => {
      const rollout = await findRollout(needs, request.params.rolloutId)
      if (rollout) return reply.send({ workstations: [...(await showMembers(rollout, needs))] })
      return send(reply, { status: 404, body: problemOf(404, 'rollout-unknown') })
    },
  })
}

function registerReleases(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/releases',
    config: { scope: 'updates:write' },
    schema: {
      summary: 'Add a release by its signed manifest; its files are in the folder for them already',
      tags,
      body: releaseOrder,
      response: { 201: releaseAdded, ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.body, by: callerOf(request).by }
      const flow = () => addRelease(order, needs)
      return replyOnce(request, reply, needs, flow, ({ number, release }) => ({
        status: 201,
        body: { number, release },
      }))
    },
  })
  app.route({
    method: 'POST',
    url: '/rollouts',
    config: { scope: 'updates:write' },
    schema: {
      summary: 'Begin a roll-out: with its first ring, and further once somebody else approved it',
      tags,
      body: rolloutOrder,
      response: { 201: rolloutBegun, ...noes },
    },
    handler: async (request, reply) => {
      const { by, madeMs } = callerOf(request)
      const flow = () => beginRollout({ ...request.body, by, madeMs }, needs)
      return replyOnce(request, reply, needs, flow, ({ id, isApproved }) => ({
        status: 201,
        body: { rolloutId: id, isApproved },
      }))
    },
  })
}

function registerSteering(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  const done = () => ({ status: 204, body: null })
  app.route({
    method: 'POST',
    url: '/rollouts/:rolloutId/approval',
    config: { scope: 'updates:approve' },
    schema: {
      summary: 'Let a roll-out that somebody else began go beyond its first ring',
      tags,
      params,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const order = { id: request.params.rolloutId, by: callerOf(request).by }
      return replyOnce(request, reply, needs, () => approveRollout(order, needs), done)
    },
  })
  app.route({
    method: 'POST',
    url: '/rollouts/:rolloutId/steering',
    config: { scope: 'updates:write' },
    schema: {
      summary: 'Pause, resume or stop a roll-out; what a workstation has begun it ends',
      tags,
      params,
      body: rolloutSteering,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const order = { id: request.params.rolloutId, by: callerOf(request).by, ...request.body }
      return replyOnce(request, reply, needs, () => steerRollout(order, needs), done)
    },
  })
}
