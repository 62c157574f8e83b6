// Lists the readers that this machine has right now, for `wardkey-agent readers`. It asks the real
// sources for a moment and lets go of them again; it tells of no card but that one lies there.

import type { ReaderClock, ReaderSource, SourceDownReason, SourceKind } from './reader.ts'

export interface ListedReader {
  readonly readerId: string
  readonly readerName: string
  readonly technology: SourceKind
  readonly cardThere: boolean
}

export interface ListedSource {
  readonly kind: SourceKind
  /** Undefined if it works, with readers or without; `failed` if it never said so. */
  readonly down: SourceDownReason | undefined
  readonly readers: readonly ListedReader[]
}

/** That finds everything: PC/SC answers at once, USB-HID is looked at once a second. */
const lookForMs = 1500
/** A busy machine takes long to start a source; one that says nothing by then has failed. */
const firstWordWithinMs = 8_000

/**
 * Starts the sources, listens until each has said whether it works and for `forMs` after the last
 * of them did, and stops them. They cannot be used again.
 */
export async function listReaders(
  sources: readonly ReaderSource[],
  clock: ReaderClock,
  forMs: number = lookForMs,
): Promise<readonly ListedSource[]> {
  const listings = sources.map((source) => listen(source))
  const over = Promise.withResolvers<undefined>()
  const end = (): void => {
    over.resolve(undefined)
  }
  const forgetDeadline = clock.after(firstWordWithinMs, end)
  await Promise.race([Promise.all(listings.map(({ said }) => said)), over.promise])
  forgetDeadline()
  clock.after(forMs, end)
  await over.promise
  const listed = listings.map(({ listing }) => listing())
  await Promise.all(sources.map((source) => source.stop()))
  return listed
}

interface Listening {
  /** Fulfilled once it has said whether it works. */
  readonly said: Promise<unknown>
  /** What has been heard by then. */
  readonly listing: () => ListedSource
}

function listen(source: ReaderSource): Listening {
  const said = Promise.withResolvers<undefined>()
  const readers = new Map<string, ListedReader>()
  let down: SourceDownReason | undefined = 'failed'
  const setCard = (readerId: string, cardThere: boolean): void => {
    const reader = readers.get(readerId)
    if (reader !== undefined) readers.set(readerId, { ...reader, cardThere })
  }
  source.start((event) => {
    if (event.kind === 'source-up') down = undefined
    if (event.kind === 'source-down') down = event.reason
    if (event.kind === 'source-up' || event.kind === 'source-down') said.resolve(undefined)
    if (event.kind === 'reader-up') {
      const { readerId, readerName, technology } = event
      readers.set(readerId, { readerId, readerName, technology, cardThere: false })
    }
    if (event.kind === 'reader-down') readers.delete(event.readerId)
    if (event.kind === 'card-seen') setCard(event.readerId, true)
    if (event.kind === 'card-gone') setCard(event.readerId, false)
  })
  return {
    said: said.promise,
    listing: () => ({ kind: source.kind, down, readers: [...readers.values()] }),
  }
}
