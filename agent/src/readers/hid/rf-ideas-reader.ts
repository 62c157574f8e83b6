// One open rf IDEAS reader: makes sure that it is one, makes it quiet, and asks it for cards. It
// judges no card and keeps none.

import type { WiegandBits } from '@wardkey/protocol/workstation/wiegand-format'
import type { HidHandle } from '../../platform/hid-devices.ts'
import {
  answerOf,
  commands,
  isNoCard,
  parseCardData,
  parseCardInfo,
  parsePage0,
  quietPage0,
  reportBytes,
  reportFor,
  reportOfPage,
} from './rf-ideas-report.ts'
import type { ReaderSetting } from './rf-ideas-report.ts'

export type Poll =
  | { readonly kind: 'empty' }
  /** `stripped`: the reader has taken bits off, and with them the parity. */
  | { readonly kind: 'bits'; readonly bits: WiegandBits; readonly stripped: boolean }
  /** The card changed while it was read. */
  | { readonly kind: 'torn' }

export interface RfIdeasReader {
  poll(): Promise<Poll>
  close(): Promise<void>
}

/**
 * Takes over a reader, or returns undefined if the device does not answer like one.
 *
 * With `quiet` it is told, until it is unplugged and without writing to its memory, to stop typing
 * and to leave the parity bits on. Without, it is used as the site has set it.
 */
export async function takeOver(
  handle: HidHandle,
  quiet: boolean,
): Promise<RfIdeasReader | undefined> {
  const info = await ask(handle, commands.deviceInfo)
  if (info === undefined || isNoCard(info)) return undefined
  const page = await ask(handle, commands.configurationPage0)
  if (page === undefined) return undefined
  const setting = quiet ? await makeQuiet(handle, page) : parsePage0(page)
  return { poll: () => poll(handle, setting), close: () => handle.close() }
}

async function makeQuiet(handle: HidHandle, page: Uint8Array): Promise<ReaderSetting> {
  await handle.sendFeatureReport(reportFor(commands.configurationPage0))
  await handle.sendFeatureReport(reportOfPage(quietPage0(page)))
  await handle.sendFeatureReport(reportFor(commands.finishConfiguration, 0))
  // What counts is what it does now, not what we asked for.
  const after = await ask(handle, commands.configurationPage0)
  return parsePage0(after ?? page)
}

async function poll(handle: HidHandle, setting: ReaderSetting): Promise<Poll> {
  const data = await ask(handle, commands.cardData)
  if (data === undefined || isNoCard(data)) return { kind: 'empty' }
  const info = await ask(handle, commands.cardInfo)
  const again = await ask(handle, commands.cardData)
  if (info === undefined || again === undefined || !Buffer.from(data).equals(again)) {
    return { kind: 'torn' }
  }
  const bits = parseCardData(data, parseCardInfo(info))
  if (bits === undefined) return { kind: 'torn' }
  return {
    kind: 'bits',
    bits,
    stripped: setting.leadingStripped > 0 || setting.trailingStripped > 0,
  }
}

async function ask(handle: HidHandle, command: number): Promise<Uint8Array | undefined> {
  await handle.sendFeatureReport(reportFor(command))
  return answerOf(await handle.getFeatureReport(0, reportBytes + 1))
}
