// What is said over a chart, in each language: what passes has its time, what must be remembered
// stays.

import { describe, expect, it } from 'vitest'
import type { Banner } from '../../../machine/screen-view.ts'
import { bannerWords } from './banner-words.ts'
import { catalogues } from './choose-catalogue.ts'

const wallMs = new Date(2026, 2, 3, 14, 2).getTime()
const name = 'R. Santos'
const emergency: Banner = { kind: 'emergency', name, reason: 'A patient waits', leftMs: 1_800_000 }

describe.each(catalogues.map((catalogue) => [catalogue.language, catalogue] as const))(
  'banners in %s',
  (_language, catalogue) => {
    const words = (banner: Banner) => bannerWords(catalogue, banner, wallMs)

    it('name whose screen it is, for a moment', () => {
      expect(words({ kind: 'yours', name })).toMatchObject({ forMs: 1500, detail: '' })
      expect(words({ kind: 'yours', name, movedFrom: '4 West 1' }).detail).toContain('4 West 1')
      expect(words({ kind: 'yours', name })).not.toHaveProperty('endsLasting')
      const ending = words({ kind: 'yours', name, endsLasting: true })
      expect(ending).toMatchObject({ forMs: 1500, endsLasting: true })
    })

    it('say for longer where she had left her screen open', () => {
      const moved = words({ kind: 'yours', name, movedFrom: '4 West 1' })
      expect(moved).toMatchObject({ forMs: 4000 })
    })

    it('say for longer that a tap signed nobody out: who tapped may be walking away', () => {
      const { banners } = catalogue
      const detail = banners.tapToSignOut
      expect(words({ kind: 'still-yours', name })).toMatchObject({ forMs: 5000, detail })
    })

    it('stay for as long as access is out of the ordinary', () => {
      expect(words(emergency)).not.toHaveProperty('forMs')
      for (const kind of ['alone', 'cut-off'] as const) {
        expect(words({ kind, name }), kind).not.toHaveProperty('forMs')
        expect(words({ kind, name }).detail, kind).not.toBe('')
      }
      expect(words({ kind: 'cut-off', name })).not.toEqual(words({ kind: 'alone', name }))
    })

    it('say what emergency access is for and until when, as grave alone', () => {
      const said = words(emergency)
      expect(said.text).toMatch(/(14:32|02:32\sPM)/)
      expect(said.detail).toContain('A patient waits')
      expect(said.isGrave).toBe(true)
      expect(words({ kind: 'alone', name })).not.toHaveProperty('isGrave')
    })

    it('say that the network is back in passing, but not over what is still from before', () => {
      const passing = words({ kind: 'confirmed', name })
      expect(passing).toMatchObject({ detail: '', forMs: 3000, endsLasting: true })
      const staying = words({ kind: 'confirmed', name, isDowntime: true })
      expect(staying).not.toHaveProperty('forMs')
      expect(staying.detail).not.toBe('')
    })

    it('say of an emergency that the network is back, and how the chart is come by', () => {
      const back = { ...emergency, isDowntime: true } as const
      expect(words(back).detail).toContain(catalogue.notices['network-back'])
      expect(words(back).detail).toContain('A patient waits')
      expect(words({ ...back, hasBadge: true })).not.toEqual(words(back))
      expect(words(emergency).detail).not.toContain(catalogue.notices['network-back'])
    })

    it('name the person in each', () => {
      for (const kind of ['yours', 'still-yours', 'alone', 'cut-off'] as const) {
        expect(words({ kind, name }).text, kind).toContain(name)
      }
    })
  },
)
