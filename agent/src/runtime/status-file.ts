// How the agent is, for `wardkey-agent status`: a small file that names nobody and nothing that is
// open. Written beside and renamed, so that whoever reads it reads a whole one.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

export const agentStatus = z.strictObject({
  version: z.literal(1),
  agentVersion: z.string(),
  startedMs: z.int(),
  /** When it was last written: an agent that lives writes at least every `aliveEveryMs`. */
  atMs: z.int(),
  isLocked: z.boolean(),
  place: z.string(),
  reader: z.enum(['ready', 'none', 'service-stopped', 'unplugged', 'stuck']),
  link: z.enum(['up', 'connecting', 'down', 'not-enrolled', 'copied']),
  linkDownSinceMs: z.int().optional(),
  browser: z.enum(['ready', 'missing', 'blocked', 'died']),
  /** Presence sensors over USB that are plugged in, and what is to be made of each. */
  sensors: z
    .array(
      z.strictObject({
        name: z.string(),
        says: z.enum(['near', 'away', 'waiting', 'unsteady', 'stuck', 'withheld']),
      }),
    )
    .readonly()
    .optional(),
  /** What it may decide without a broker, and what no broker has been told yet. */
  alone: z
    .strictObject({
      untilMs: z.int().optional(),
      people: z.int(),
      waiting: z.int(),
      isStuck: z.boolean(),
      gaps: z.int().optional(),
    })
    .optional(),
})
export type AgentStatus = z.infer<typeof agentStatus>

export const aliveEveryMs = 15_000

export interface StatusFile {
  write(status: AgentStatus): void
  remove(): void
}

const pathIn = (runtimeDir: string): string => join(runtimeDir, 'status.json')

export function openStatusFile(runtimeDir: string): StatusFile {
  const path = pathIn(runtimeDir)
  return {
    write: (status) => {
      mkdirSync(runtimeDir, { recursive: true, mode: 0o700 })
      writeFileSync(`${path}.new`, JSON.stringify(status), { mode: 0o600 })
      renameSync(`${path}.new`, path)
    },
    remove: () => {
      rmSync(path, { force: true })
    },
  }
}

/** Nothing where no agent runs, or what is there was not written by one. */
export function readStatus(runtimeDir: string, nowMs: number): AgentStatus | undefined {
  const path = pathIn(runtimeDir)
  if (!existsSync(path)) return undefined
  const status = agentStatus.safeParse(jsonOf(readFileSync(path, 'utf8'))).data
  // Left by one that was killed: as good as none.
  return status && nowMs - status.atMs < aliveEveryMs * 3 ? status : undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
