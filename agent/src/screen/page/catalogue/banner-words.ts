// What is said over a chart, in one language: whose screen it is, and what a person must not forget
// while she reads. Pure.

import type { Banner } from '../../../machine/screen-view.ts'
import type { Catalogue } from './catalogue.ts'

interface Words {
  readonly text: string
  readonly detail: string
  readonly forMs?: number
  readonly endsLasting?: boolean
  readonly isGrave?: boolean
}

/** Read at a glance in passing … */
const yoursMs = 1500
/** … with the place that she left open, by somebody who did not know it … */
const movedMs = 4000
/** … to the end, once what was said so far is over … */
const confirmedMs = 3000
/** … and by somebody who tapped to leave and has turned away: her chart is still open. */
const stillYoursMs = 5000

/** An emergency, and being without the network, stay for as long as they are true. `wallMs` is now. */
export function bannerWords(catalogue: Catalogue, banner: Banner, wallMs: number): Words {
  const { banners, movedFrom } = catalogue
  switch (banner.kind) {
    case 'yours': {
      const detail = banner.movedFrom === undefined ? '' : `${movedFrom(banner.movedFrom)}.`
      const ends = banner.endsLasting === true ? { endsLasting: true } : {}
      const forMs = banner.movedFrom === undefined ? yoursMs : movedMs
      return { text: banners.yours(banner.name), detail, forMs, ...ends }
    }
    case 'still-yours':
      return {
        text: banners.stillYours(banner.name),
        detail: banners.tapToSignOut,
        forMs: stillYoursMs,
      }
    case 'emergency': {
      const until = timeOf(catalogue, wallMs + banner.leftMs)
      const back = banner.isDowntime ? backWords(catalogue, banner.hasBadge) : ''
      return {
        text: banners.emergency(banner.name, until),
        detail: `${banner.reason}. ${banners.emergencyIsKept}${back}`,
        isGrave: true,
      }
    }
    case 'alone':
      return { text: banners.alone(banner.name), detail: banners.aloneDetail }
    case 'cut-off':
      return { text: banners.cutOff(banner.name), detail: banners.cutOffDetail }
    case 'confirmed':
      if (banner.isDowntime) {
        return { text: banners.confirmed(banner.name), detail: banners.tapForChart }
      }
      return {
        text: banners.confirmed(banner.name),
        detail: '',
        forMs: confirmedMs,
        endsLasting: true,
      }
  }
}

function backWords({ banners, notices }: Catalogue, hasBadge = false): string {
  const next = hasBadge ? banners.tapForChart : banners.askForChart
  return `. ${notices['network-back']}. ${next}`
}

function timeOf({ language }: Catalogue, wallMs: number): string {
  return new Date(wallMs).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' })
}

/** Below a page that people sign in on before the lock screen. */
export function barWords({ errands, back, emergencyAccess }: Catalogue, hasEmergency: boolean) {
  const text = `${errands.signInLead}.`
  return { text, back, ...(hasEmergency ? { emergency: emergencyAccess } : {}) }
}
