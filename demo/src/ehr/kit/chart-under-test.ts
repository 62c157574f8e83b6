// The chart and its provider, started together on loopback for one test file, and the people in it.

import { startEhr, type RunningEhr } from '../server.ts'
import type { Browser, Page } from './browser.ts'
import { startRealProvider, type Conduct, type Person, type RealProvider } from './real-provider.ts'

export const client = {
  clientId: 'larkfield-chart',
  clientSecret: 'a-made-up-secret-of-32-characters',
}
export const freshAcr = 'urn:wardkey:acr:badge-pin-fresh'

export function person(name: string, role: string, purpose: 'TREAT' | 'BTG' = 'TREAT'): Person {
  const [zone, zone_kind, workstation] =
    role === 'pharmacist'
      ? ['pharmacy', 'pharmacy', 'Pharmacy, bench 1']
      : ['4-west', 'nurse-station', '4 West, station 2']
  return { sub: `p-${role}`, claims: { name, role, zone, zone_kind, workstation, purpose } }
}

/** The provider lets this person in, by badge and PIN; the acr is the ordinary one unless said. */
export function as(
  who: Person,
  acr = 'urn:wardkey:acr:badge-pin',
): Extract<Conduct, { kind: 'sign-in' }> {
  return { kind: 'sign-in', person: who, acr, amr: ['user', 'pin'] }
}

export interface ChartUnderTest {
  readonly ehr: RunningEhr
  readonly provider: RealProvider
  stop(): Promise<void>
}

export async function startChart(first: Conduct): Promise<ChartUnderTest> {
  const rising = await startRealProvider(first)
  const ehr = await startEhr({ port: 0, issuer: rising.issuer, ...client })
  const provider = await rising.serve({ ...client, origin: () => ehr.url })
  const stop = async (): Promise<void> => {
    await ehr.close()
    await provider.close()
  }
  return { ehr, provider, stop }
}

/** The form token on a page, as its own forms would send it. */
export function formToken(page: Page): string {
  return /name="form_token" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
}

/** The text of the element with this test id, without tags. */
export function shown(page: Page, id: string): string | undefined {
  const element = new RegExp(`data-testid="${id}"[^>]*>([\\s\\S]*?)</(?:p|strong|span)>`)
  const text = element.exec(page.text)?.[1]
  return text
    ?.replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Whether this browser is signed in, as the chart itself says. */
export async function whoami(browser: Browser, ehr: RunningEhr): Promise<unknown> {
  return JSON.parse((await browser.open(`${ehr.url}/whoami`)).text)
}
