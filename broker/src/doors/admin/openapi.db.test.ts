// docs/openapi.json is what the admin door says of itself. With WARDKEY_WRITE_DOCS=1 it is written
// anew.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { format } from 'prettier'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { adminPath, scopes } from '@wardkey/protocol/admin/scopes'
import { adminTokenFor, openAdminDoor } from '../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../test/kit/broker-core.ts'

const path = new URL('../../../../docs/openapi.json', import.meta.url)

async function described(): Promise<string> {
  const core = await openCore()
  const fastify = await openAdminDoor(core)
  const token = await adminTokenFor(core, scopes)
  const url = `${adminPath}/openapi.json`
  const { body } = await fastify.inject({ url, headers: { authorization: `Bearer ${token}` } })
  await fastify.close()
  await core.close()
  return format(body, { parser: 'json', printWidth: 100 })
}

it('is in step with the door', async () => {
  const text = await described()
  if (process.env['WARDKEY_WRITE_DOCS'] === '1') writeFileSync(path, text)
  expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(text)
})

it('describes every address with a summary, what it takes, and how it says no', async () => {
  const operation = z.object({
    summary: z.string().min(10),
    description: z.string().regex(/^Scope: `[a-z]+:[a-z]+`( or `[a-z]+:[a-z]+`)*\.$/),
    responses: z.record(z.string(), z.unknown()),
  })
  const doc = z
    .object({
      openapi: z.literal('3.1.0'),
      security: z.array(z.object({ token: z.array(z.string()) })).min(1),
      paths: z.record(z.string(), z.record(z.string(), operation)),
    })
    .parse(JSON.parse(await described()))
  for (const methods of Object.values(doc.paths)) {
    for (const { responses } of Object.values(methods)) {
      const kinds = Object.keys(responses).map((status) => status.charAt(0))
      expect(new Set(kinds)).toEqual(new Set(['2', '4', '5']))
    }
  }
})
