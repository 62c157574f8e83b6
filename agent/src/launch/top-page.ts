// What a window's own document is by the browser's word: a page, or the browser's error page in the
// place of one that it could not reach. Pure; it opens and closes nothing.

import { z } from 'zod'
import type { OpenWeb } from '@wardkey/protocol/launch-steps'
import { Fault } from '../platform/fault.ts'
import type { Params } from './devtools.ts'

const navigated = z.object({
  frame: z.object({
    url: z.string(),
    parentId: z.string().optional(),
    unreachableUrl: z.string().optional(),
  }),
})

export interface TopPage {
  readonly url: string
  /** What was to be here: the error page has an address of its own. */
  readonly unreachedUrl?: string
}

/** Of `Page.frameNavigated`; nothing where it was a frame inside the page. */
export function topPageOf(event: Params): TopPage | undefined {
  const frame = navigated.safeParse(event).data?.frame
  if (frame?.parentId !== undefined || frame === undefined) return undefined
  const { url, unreachableUrl } = frame
  return unreachableUrl === undefined ? { url } : { url, unreachedUrl: unreachableUrl }
}

/**
 * Why a launch ends on the error page. Where the ticket was to go another broker may answer, with a
 * ticket of its own; none mends a chart that does not answer, nor a page that may not be opened.
 */
export function faultOf(unreachedUrl: string, { signIn }: Pick<OpenWeb, 'signIn'>): Fault {
  const isBrokers = signIn !== undefined && originOf(unreachedUrl) === originOf(signIn.url)
  return isBrokers
    ? new Fault('sign-in-unreachable', 'transient')
    : new Fault('launch-failed', 'permanent')
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined
}
