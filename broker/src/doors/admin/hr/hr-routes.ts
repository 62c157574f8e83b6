// People from HR, for administrators: rows of an import, looked at first and then taken, and who is
// mapped to no role.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { personId } from '@wardkey/protocol/ids'
import { imported, importOrder, unmappedPage, unmappedQuery } from '@wardkey/protocol/admin/hr'
import type { ImportedRow, UnmappedPerson } from '@wardkey/protocol/admin/hr'
import { groupsOfPeople } from '../../../flows/hr/groups/hr-group-row.ts'
import { applyRow, previewRow } from '../../../flows/hr/import/import-row.ts'
import { lookAt } from '../../../flows/look-at.ts'
import { openName } from '../../../identity/person-name.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'

export function registerHr(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/people/import',
    config: { scope: 'people:write' },
    bodyLimit: 1024 * 1024,
    schema: {
      summary: 'Rows of HR’s file: what each would do, or, as it was shown, done',
      tags: ['people from HR'],
      body: importOrder,
      response: { 200: imported, ...noes },
    },
    handler: async (request, reply) => {
      const { by } = callerOf(request)
      const { mode, rows } = request.body
      if (mode === 'apply') {
        const done: ImportedRow[] = []
        for (const row of rows) done.push(await applyRow(row, by, needs))
        return reply.send({ rows: done })
      }
      const see = async () => {
        const seen: ImportedRow[] = []
        for (const row of rows) seen.push(await previewRow(row, by, needs))
        return seen
      }
      const look = { by, action: 'people.import.preview' }
      return reply.send({ rows: (await needs.perform(lookAt(look, see, needs))).answer })
    },
  })
  app.route({
    method: 'GET',
    url: '/people/unmapped',
    config: { scope: 'people:read' },
    schema: {
      summary: 'People from HR to whom no rule gives a role',
      tags: ['people from HR'],
      querystring: unmappedQuery,
      response: { 200: unmappedPage, ...noes },
    },
    handler: async (request, reply) => {
      const { by } = callerOf(request)
      const see = () => unmapped(request.query, needs)
      const look = { by, action: 'people.unmapped' }
      const people = (await needs.perform(lookAt(look, see, needs))).answer
      const last = people.length === request.query.limit ? people.at(-1) : undefined
      return reply.send({ people, ...(last === undefined ? {} : { next: last.personId }) })
    },
  })
}

async function unmapped(
  { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
  { db, personKeys }: AdminNeeds,
): Promise<UnmappedPerson[]> {
  const rows = await db
    .selectFrom('person_hr')
    .innerJoin('person', 'person.id', 'person_hr.person_id')
    .where('person_hr.is_mapped', '=', 0)
    .where('person_hr.deleted_ms', 'is', null)
    .where('person.status', '<>', 'terminated')
    .where('person_hr.person_id', '>', after)
    .select(['person_hr.person_id', 'person.name_sealed', 'person.status'])
    .select(['person_hr.job_code', 'person_hr.department', 'person_hr.location'])
    .orderBy('person_hr.person_id')
    .limit(limit)
    .execute()
  const ids = rows.map((row) => personId.parse(row.person_id))
  const groups = await groupsOfPeople(db, ids)
  return Promise.all(
    rows.map(async (row) => {
      const id = personId.parse(row.person_id)
      const key = await personKeys.find(id)
      return {
        personId: id,
        ...(key === undefined ? {} : { name: openName(row.name_sealed, key, id) }),
        status: row.status,
        ...(row.job_code === null ? {} : { jobCode: row.job_code }),
        ...(row.department === null ? {} : { department: row.department }),
        ...(row.location === null ? {} : { location: row.location }),
        groups: (groups.get(id) ?? []).map(({ name }) => name),
      }
    }),
  )
}
