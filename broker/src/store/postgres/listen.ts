// A connection that only listens: it says that there may be news, and never what. One that breaks
// is made again; until then whoever waits for news looks by himself.

import pg from 'pg'

const againMs = 1000
const connectMaxMs = 4000

/** Resolves at once; what it returns ends it. */
export function listenOnServer(
  url: string,
  channel: string,
  onNews: () => void,
): () => Promise<void> {
  const state: { client: pg.Client | undefined; isStopped: boolean; timer?: NodeJS.Timeout } = {
    client: undefined,
    isStopped: false,
  }
  const connect = (): void => {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: connectMaxMs,
      keepAlive: true,
      application_name: 'wardkey-broker-listener',
    })
    state.client = client
    client.on('notification', onNews)
    const again = (): void => {
      if (state.client !== client) return
      state.client = undefined
      client.end().catch(() => undefined) // It is gone already: how it ends is of no interest.
      if (!state.isStopped) state.timer = setTimeout(connect, againMs).unref()
    }
    client.on('error', again)
    client.on('end', again)
    client
      .connect()
      .then(() => client.query(`listen ${client.escapeIdentifier(channel)}`))
      // What was told before it listened is found by a look.
      .then(onNews, again)
  }
  connect()
  return async () => {
    state.isStopped = true
    clearTimeout(state.timer)
    const { client } = state
    state.client = undefined
    await client?.end().catch(() => undefined) // One that never connected has nothing to end.
  }
}
