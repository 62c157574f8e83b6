// The commands that ask the running broker, each in its own file; what they share is here: where
// the broker is, with which token, and in which form to answer.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { adminToken } from '@wardkey/protocol/admin/scopes'
import type { Settings } from '../../platform/settings.ts'
import { AdminClient } from './admin-client.ts'
import { addAlertCommands } from './alerts/alert-commands.ts'
import { addFigureCommand } from './alerts/figure-commands.ts'
import { addAccessReviewCommands } from './access-reviews/access-review-commands.ts'
import { addBadgeCommands } from './badges/badge-commands.ts'
import { addBreakGlassCommands } from './break-glass-commands.ts'
import type { CommandNeeds, CommandTools } from './command-tools.ts'
import { addEvidenceCommands } from './evidence/evidence-commands.ts'
import { exitCodes, Refused } from './exit.ts'
import { addForgetCommands } from './forget/forget-commands.ts'
import { addRetentionCommands } from './forget/retention-commands.ts'
import { addKeyCommands } from './keys/key-commands.ts'
import { addExpiringCommand } from './policy/expiring-commands.ts'
import { addOfflineCommands } from './offline-commands.ts'
import { addPersonCommands } from './person-commands.ts'
import { addExceptionCommands } from './policy/exception-commands.ts'
import { addModeCommands, addPolicyCommands } from './policy/policy-commands.ts'
import { addRecordCommands } from './record-commands.ts'
import { addWhyCommands } from './policy/why-commands.ts'
import { addPeopleCommands } from './people/people-commands.ts'
import { addSpeedCommand } from './speed/speed-command.ts'
import { addFeedCommands } from './streams/feed-commands.ts'
import { addStreamCommands } from './streams/stream-commands.ts'
import { addTokenCommands } from './token-commands.ts'
import { addUpdateCommands } from './updates/update-commands.ts'
import { addWorkstationCommands } from './workstation-commands.ts'

interface AddressOptions {
  readonly url?: string
  readonly tokenFile?: string
}

export function addAdminCommands(program: Command, needs: CommandNeeds): void {
  program
    .option('--url <address>', 'where the broker’s admin door is (default: from settings)')
    .option('--token-file <file>', 'the administration token (default: in the key folder)')
  const tools: CommandTools = {
    ...needs,
    client: () => openClient(needs, program.opts<AddressOptions>()),
    say: (value, text) => {
      process.stdout.write(needs.isJson() ? `${JSON.stringify(value)}\n` : text)
    },
  }
  addPersonCommands(program, tools)
  addBadgeCommands(program, tools)
  addWorkstationCommands(program, tools)
  addUpdateCommands(program, tools)
  addRecordCommands(program, tools)
  addOfflineCommands(program, tools)
  addBreakGlassCommands(program, tools)
  addAlertCommands(program, tools)
  addFigureCommand(program, tools)
  addEvidenceCommands(program, tools)
  addPolicyCommands(program, tools)
  addExceptionCommands(program, tools)
  addModeCommands(program, tools)
  addWhyCommands(program, tools)
  addPeopleCommands(program, tools)
  addExpiringCommand(program, tools)
  addStreamCommands(program, tools)
  addFeedCommands(program, tools)
  addTokenCommands(program, tools)
  addSpeedCommand(program, tools)
  addKeyCommands(program, tools)
  addForgetCommands(program, tools)
  addRetentionCommands(program, tools)
  addAccessReviewCommands(program, tools)
}

function openClient(needs: CommandNeeds, { url, tokenFile }: AddressOptions): AdminClient {
  const settings = needs.settings()
  const token = readToken(tokenFile ?? join(settings.keysDir, needs.adminTokenFile))
  const certFile = settings['web.tlsCertFile']
  return new AdminClient({ url: url ?? addressOf(settings), token, certFile })
}

function addressOf(settings: Settings): string {
  const host = settings['admin.host']
  // A door on every address of the machine is on loopback too.
  const near = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host
  const scheme = settings['web.tlsCertFile'] === '' ? 'http' : 'https'
  const name = near.includes(':') ? `[${near}]` : near
  return `${scheme}://${name}:${String(settings['admin.port'])}`
}

function readToken(file: string): string {
  if (!existsSync(file)) {
    throw new Refused(
      exitCodes.config,
      `${file}: there is no administration token.\n` +
        'Run wardkey-broker init, or name one with --token-file.',
    )
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new Refused(
      exitCodes.config,
      `${file}: others can read this token.\nRun chmod 600 on it, and make a new one.`,
    )
  }
  const token = adminToken.safeParse(readFileSync(file, 'utf8').trim())
  if (token.success) return token.data
  throw new Refused(exitCodes.config, `${file}: this is no administration token.`)
}
