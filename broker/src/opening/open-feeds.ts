// Opens what other systems of the house tell of doors and alarms by: the desk, the secrets of those
// that sign, and a listener for each that speaks syslog.

import { randomBytes } from 'node:crypto'
import type { Base, Core } from '../broker-core.ts'
import { FeedDesk } from '../doors/feeds/feed-desk.ts'
import { feedCounter } from '../doors/feeds/feed-metrics.ts'
import { openSyslogListener } from '../doors/feeds/syslog-listener.ts'
import { keyFault } from '../platform/keys/key-folder.ts'
import type { KeyFolder } from '../platform/keys/key-folder.ts'

export interface Feeds {
  readonly desk: FeedDesk
  readonly secrets: ReadonlyMap<string, string>
}

export function openFeeds({ settings, keys, metrics }: Base, core: Core): Feeds {
  const desk = new FeedDesk(settings.feeds, { ...core, onEvent: feedCounter(metrics.registry) })
  const secrets = new Map(
    settings.feeds.flatMap(({ kind, name }) =>
      kind === 'webhook' ? [[name, secretOf(name, keys.folder)] as const] : [],
    ),
  )
  return { desk, secrets }
}

export async function openFeedListeners(
  { settings, shutdown, log }: Base,
  { desk }: Feeds,
): Promise<void> {
  for (const setting of settings.feeds) {
    if (setting.kind !== 'syslog') continue
    const listener = await openSyslogListener(setting, { desk, log })
    shutdown.add('doors', () => listener.close())
  }
}

/** Made where there is none: the sender is given a copy of it. */
function secretOf(name: string, folder: KeyFolder): string {
  const file = `feed-${name}.secret`
  folder.create(file, `whsec_${randomBytes(32).toString('base64')}\n`)
  const secret = folder.find(file)?.trim() ?? ''
  if (!/^whsec_[A-Za-z0-9+/]{32,100}={0,2}$/.test(secret)) {
    throw keyFault(`${file}: it does not hold whsec_ and base64`)
  }
  return secret
}
