// The written policies: their versions, proposed by one and decided by another; what a set would
// have said to the taps of the record; the modes of the house; and why a tap went as it did.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  policyDecision,
  policyNumber,
  policyProposal,
  policyProposed,
  policyVersion,
  policyVersions,
} from '@wardkey/protocol/admin/policy'
import { modeOrder, modesShown } from '@wardkey/protocol/admin/modes'
import type { VersionSummary } from '@wardkey/protocol/admin/policy'
import { replayOrder, replayShown, whyParams, whyShown } from '@wardkey/protocol/admin/why'
import { whyWithBadge } from '../../../flows/badges/explain-badge.ts'
import { explainTap } from '../../../flows/explain-tap.ts'
import { goneUntil, readGoneFrom } from '../../../flows/timeline/read-gone.ts'
import { inForce } from '../../../flows/house-book.ts'
import { lookAt } from '../../../flows/look-at.ts'
import {
  decidePolicy,
  findVersion,
  listVersions,
  proposePolicy,
} from '../../../flows/policy-versions.ts'
import type { Version } from '../../../flows/policy-versions.ts'
import { replayPolicy } from '../../../flows/replay-policy.ts'
import { setMode, standingModes } from '../../../flows/set-mode.ts'
import { compilePolicies } from '../../../policy/cedar/policy-set.ts'
import { problemOf } from '../../problem.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOnce, send } from '../reply-once.ts'
import type { Reply } from '../reply-once.ts'
import { mayReadNames, replayWithNames, whyWithName } from './with-names.ts'

/** A set of policies is longer than anything else that is sent here. */
const bodyLimit = 512 * 1024
/** Whoever asks has waited as long as anybody does; what was counted by then is shown. */
const replayMaxMs = 60_000

export function registerPolicy(fastify: FastifyInstance, needs: AdminNeeds): void {
  registerVersions(fastify, needs)
  registerChanges(fastify, needs)
  registerReplay(fastify, needs)
  registerWhy(fastify, needs)
  registerModes(fastify, needs)
}

function registerVersions(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/policy',
    config: { scope: 'policy:read' },
    schema: {
      summary: 'All versions of the written policies, the newest first',
      tags: ['policy'],
      response: { 200: policyVersions, ...noes },
    },
    handler: async (_request, reply) => {
      const current = await inForce(needs.db)
      const versions = await listVersions(needs)
      return reply.send({ versions: versions.map((one) => summaryOf(one, current)) })
    },
  })
  app.route({
    method: 'GET',
    url: '/policy/:number',
    config: { scope: 'policy:read' },
    schema: {
      summary: 'One version, with its text and the text that it was based on',
      tags: ['policy'],
      params: policyNumber,
      response: { 200: policyVersion, ...noes },
    },
    handler: async (request, reply) => {
      const version = await findVersion(request.params.number, needs)
      if (!version) return send(reply, { status: 404, body: problemOf(404, 'policy-unknown') })
      const before = (await findVersion(version.based_on, needs))?.text ?? ''
      const summary = summaryOf(version, await inForce(needs.db))
      return reply.send({ ...summary, text: version.text, before })
    },
  })
}

function registerChanges(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/policy',
    bodyLimit,
    config: { scope: 'policy:propose' },
    schema: {
      summary: 'Propose a version: what does not validate is refused',
      tags: ['policy'],
      body: policyProposal,
      response: { 201: policyProposed, ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.body, by: callerOf(request).by }
      const flow = () => proposePolicy(order, needs)
      return replyOnce(request, reply, needs, flow, (answer) =>
        answer.kind === 'proposed'
          ? { status: 201, body: { number: answer.number } }
          : invalid(answer.complaints),
      )
    },
  })
  app.route({
    method: 'POST',
    url: '/policy/:number/decision',
    config: { scope: 'policy:approve' },
    schema: {
      summary: 'Approve or reject a version that somebody else proposed; decided once',
      tags: ['policy'],
      params: policyNumber,
      body: policyDecision,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.params, ...request.body, by: callerOf(request).by }
      const flow = () => decidePolicy(order, needs)
      return replyOnce(request, reply, needs, flow, () => ({ status: 204, body: null }))
    },
  })
}

function registerReplay(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/policy/replay',
    bodyLimit,
    config: { scope: 'policy:replay' },
    schema: {
      summary: 'What a set of policies would have said to the taps of the last days',
      tags: ['policy'],
      body: replayOrder,
      response: { 200: replayShown, ...noes },
    },
    handler: async (request, reply) => {
      const { text, days } = request.body
      const compiled = compilePolicies(text)
      if (compiled.kind === 'invalid') return send(reply, invalid(compiled.complaints))
      const untilMs = needs.nowMs()
      const span = { fromMs: Math.max(0, untilMs - days * 24 * 3_600_000), untilMs }
      const caller = callerOf(request)
      const isNamed = mayReadNames(caller)
      const see = async () => {
        const lateMs = performance.now() + replayMaxMs
        const isLate = (): boolean => performance.now() > lateMs
        const replay = await replayPolicy(compiled.policies, span, needs.db, isLate)
        return isNamed ? replayWithNames(replay, needs) : replay
      }
      const look = { by: caller.by, action: isNamed ? 'policy.replay.names' : 'policy.replay' }
      const { answer } = await needs.perform(lookAt(look, see, needs))
      return reply.send(answer)
    },
  })
}

/** A tap is told within it, and of each of its facts retention may have taken those before. */
const aroundTapMs = 3_600_000

function registerWhy(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/why/:tap',
    config: { scope: ['record:read', 'taps:read'] },
    schema: {
      summary: 'Why a tap went as it did, from the record: by its id, or by the code to quote',
      tags: ['policy'],
      params: whyParams,
      response: { 200: whyShown, ...noes },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request)
      const isNamed = mayReadNames(caller)
      const see = async () => {
        const why = await explainTap(request.params.tap, needs.store)
        if (!why) return undefined
        const told = caller.scopes.has('badges:read') ? await whyWithBadge(why, needs) : why
        return isNamed ? whyWithName(told, needs) : told
      }
      const goneMs = goneUntil(await readGoneFrom(needs.db, 0), 'access')
      const look = { by: caller.by, action: isNamed ? 'tap.why.names' : 'tap.why' }
      const { answer } = await needs.perform(lookAt(look, see, needs))
      if (answer) {
        const isNear = answer.atMs - aroundTapMs < goneMs
        return reply.send({ ...answer, ...(isNear && { goneBeforeMs: goneMs }) })
      }
      const code = goneMs > 0 ? 'tap-gone' : 'tap-unknown'
      return send(reply, { status: 404, body: problemOf(404, code) })
    },
  })
}

function registerModes(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/modes',
    config: { scope: 'policy:read' },
    schema: {
      summary: 'How house and zones are run, as far as it is not as usual',
      tags: ['policy'],
      response: { 200: modesShown, ...noes },
    },
    handler: async (_request, reply) => {
      const rows = await standingModes(needs)
      const modes = rows.map(
        ({ place, mode, since_ms: sinceMs, until_ms: untilMs, set_by: by }) => ({
          ...{ place, mode, sinceMs, untilMs, by },
        }),
      )
      return reply.send({ modes })
    },
  })
  app.route({
    method: 'POST',
    url: '/modes',
    config: { scope: 'mode:write' },
    schema: {
      summary: 'Set the mode of the house or of a zone, for a while',
      tags: ['policy'],
      body: modeOrder,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.body, by: callerOf(request).by }
      const flow = () => setMode(order, needs)
      return replyOnce(request, reply, needs, flow, () => ({ status: 204, body: null }))
    },
  })
}

/** The first complaint goes along; all of them are said where the file is: `policy check`. */
function invalid([first = '']: readonly string[]): Reply {
  return { status: 422, body: problemOf(422, 'policy-does-not-validate', first.slice(0, 200)) }
}

function summaryOf(version: Version, current: number): VersionSummary {
  const { number, note, outcome, decided_ms: decidedMs } = version
  const isOurs = number === 0
  const decided =
    isOurs || outcome === null || decidedMs === null
      ? {}
      : { decided: { atMs: decidedMs, by: version.decided_by ?? '', outcome } }
  const proposed = { atMs: version.proposed_ms, by: version.proposed_by }
  return {
    ...{ number, policies: version.set_id, isInForce: number === current },
    ...{ basedOn: version.based_on, note },
    ...(isOurs ? {} : { proposed }),
    ...decided,
  }
}
